// A public page is whole without scripts. At the first touch of a chart, or the first key, this
// fetches what brings its charts to life: the page's own data, then the code of the build.
;(() => {
  const own = document.currentScript
  const kinds = ['pointerover', 'touchstart', 'keydown', 'focusin']
  const chart = (event) => event.target instanceof Element && event.target.closest('.chart-plot')
  const load = (src) =>
    new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.src = src
      script.async = false
      script.onload = resolve
      script.onerror = reject
      document.head.append(script)
    })

  const begin = async (event) => {
    if (event.type !== 'keydown' && event.type !== 'focusin' && !chart(event)) return
    for (const kind of kinds) removeEventListener(kind, begin, true)
    try {
      await load(own.dataset.page)
      own.remove()
      await Promise.all(self.shumarScripts.map(load))
      await point(event)
    } catch {
      // The page stays as it is: whole, with its tables. The next touch tries again.
      for (const kind of kinds) addEventListener(kind, begin, { capture: true, passive: true })
    }
  }

  /** Tells the chart, once it listens, where it was touched. */
  const point = async (event) => {
    const plot = chart(event)
    const place = event.touches?.[0] ?? event
    for (let tries = 0; plot && tries < 100; tries += 1) {
      const reader = plot.querySelector('.chart-reader')
      if (reader) {
        const { clientX, clientY } = place
        const pointerType = event.type === 'touchstart' ? 'touch' : event.pointerType
        reader.dispatchEvent(
          new PointerEvent('pointermove', { clientX, clientY, pointerType, bubbles: true }),
        )
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  for (const kind of kinds) addEventListener(kind, begin, { capture: true, passive: true })
})()
