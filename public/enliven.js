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

  /** Runs the code that a page made at the request has at its end. */
  const run = () => {
    const text = document.getElementById('page-code')
    if (!text) return
    const script = document.createElement('script')
    script.textContent = text.textContent
    text.remove()
    document.head.append(script)
  }

  /**
   * Gives the page back the links that scripts/written-in.mjs has written out, as React knows only
   * them. What was written in stays until they are there.
   */
  const link = async () => {
    const theme = document.querySelector('script[data-file]')
    if (theme) {
      theme.textContent = ''
      theme.src = theme.dataset.file
      theme.removeAttribute('data-file')
    }
    const style = document.querySelector('style[data-files]')
    if (!style) return
    const links = style.dataset.files.split(' ').map((href) => {
      const one = document.createElement('link')
      one.rel = 'stylesheet'
      one.href = href
      one.dataset.precedence = 'next'
      return one
    })
    const loads = links.map(
      (one) =>
        new Promise((resolve, reject) => Object.assign(one, { onload: resolve, onerror: reject })),
    )
    style.before(...links)
    try {
      await Promise.all(loads)
      style.remove()
    } catch (error) {
      for (const one of links) one.remove()
      throw error
    }
  }

  const begin = async (event) => {
    if (event.type !== 'keydown' && event.type !== 'focusin' && !chart(event)) return
    for (const kind of kinds) removeEventListener(kind, begin, true)
    try {
      await Promise.all([own.dataset.page ? load(own.dataset.page) : run(), link()])
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
