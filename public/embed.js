// For pages of others that show a chart of ours in a frame: makes each frame as high as its content.
// Without this script a frame keeps the height it was given.
;(() => {
  if (self.shumarEmbeds) return
  self.shumarEmbeds = true
  const { origin } = new URL(document.currentScript.src)
  addEventListener('message', ({ data, source, origin: from }) => {
    const height = data?.shumarHeight
    if (from !== origin || !Number.isFinite(height)) return
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow !== source) continue
      frame.style.height = `${Math.min(Math.max(Math.ceil(height), 100), 10_000)}px`
    }
  })
})()
