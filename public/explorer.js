// The explorer works without this. With it, a choice is answered in place: the same address is
// fetched, and what it shows replaces what is shown, so that reading goes on where it was.
;(() => {
  const form = () => document.getElementById('explorer-form')
  const results = () => document.getElementById('explorer-results')
  let status
  let newest = 0

  const say = (text) => {
    if (!status) {
      status = document.createElement('p')
      status.setAttribute('role', 'status')
      status.className = 'visually-hidden'
      results().before(status)
    }
    status.textContent = text
  }

  /** The address that the form asks for: without what is empty. */
  const asked = () => {
    const address = new URL(form().action)
    for (const [name, value] of new FormData(form())) {
      if (value !== '') address.searchParams.append(name, value)
    }
    return address
  }

  const replace = (page, id) => {
    const [here, there] = [document.getElementById(id), page.getElementById(id)]
    if (here && there) here.replaceWith(document.adoptNode(there))
  }

  /** Shows a page in this one. The form stays as it is where the reader is in it. */
  const show = (page, renewsForm) => {
    const focused = document.activeElement?.id
    if (renewsForm) {
      const open = [...form().querySelectorAll('details[open]')].map(({ id }) => id)
      replace(page, 'explorer-form')
      for (const id of open) document.getElementById(id)?.setAttribute('open', '')
    } else {
      for (const { id } of form().querySelectorAll('summary')) replace(page, id)
    }
    replace(page, 'explorer-problems')
    replace(page, 'explorer-results')
    // What is written into a page is the style of what it shows.
    const [style, itsStyle] = [document, page].map((one) => one.querySelector('style[data-files]'))
    if (style && itsStyle) style.replaceWith(document.adoptNode(itsStyle))
    document.title = page.title
    for (const link of document.querySelectorAll('header a[hreflang]')) {
      const same = page.querySelector(`header a[hreflang="${link.hreflang}"]`)
      if (same) link.href = same.href
    }
    const settings = page.querySelector('.reading')
    if (settings) document.querySelector('.reading')?.replaceWith(document.adoptNode(settings))
    const heading = document.getElementById('explorer-count')
    if (focused && document.activeElement === document.body) {
      const again = document.getElementById(focused) ?? heading
      again.focus({ preventScroll: true })
    }
    say(heading.textContent)
    return heading
  }

  /** Of which state of the record a page is: another one is another page, with its notice. */
  const stateOf = (address) => {
    const { searchParams } = new URL(address, location.href)
    return `${searchParams.get('asOf') ?? ''} ${searchParams.get('v') ?? ''}`
  }
  const state = stateOf(location.href)

  const go = async (address, { pushes = true, renewsForm = true, goesUp = false } = {}) => {
    if (stateOf(address) !== state) {
      if (pushes) location.assign(address)
      else location.reload()
      return
    }
    newest += 1
    const own = newest
    say(form().dataset.waiting)
    results().setAttribute('aria-busy', 'true')
    try {
      const answer = await fetch(address, { headers: { accept: 'text/html' } })
      const text = await answer.text()
      if (own !== newest) return
      const page = new DOMParser().parseFromString(text, 'text/html')
      if (!answer.ok || !page.getElementById('explorer-results')) throw new Error(answer.status)
      if (pushes) history.pushState({ explorer: true }, '', answer.url)
      const heading = show(page, renewsForm)
      if (goesUp) {
        heading.scrollIntoView()
        heading.focus({ preventScroll: true })
      }
    } catch {
      if (own !== newest) return
      results().removeAttribute('aria-busy')
      fail()
    }
  }

  /** Says so in sight: the button asks the server itself. */
  const fail = () => {
    const notice = document.createElement('p')
    notice.className = 'notice'
    notice.dataset.tone = 'warning'
    notice.id = 'explorer-failed'
    notice.setAttribute('role', 'alert')
    notice.textContent = form().dataset.failed
    document.getElementById('explorer-failed')?.remove()
    results().prepend(notice)
    say('')
  }

  // Before the document is whole, links and the form do what they do without a script.
  const isReady = () => document.readyState === 'complete'

  addEventListener('change', ({ target }) => {
    if (isReady() && target.form === form()) go(asked(), { renewsForm: false })
  })

  addEventListener('submit', (event) => {
    if (!isReady() || event.target !== form() || document.getElementById('explorer-failed')) return
    event.preventDefault()
    go(asked())
  })

  addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[data-explore]')
    const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button)
    if (!link || !isPlain || !isReady()) return
    event.preventDefault()
    go(link.href, { goesUp: link.dataset.explore === 'top' })
  })

  addEventListener('click', ({ target }) => {
    // A part of the form closes when the reader goes elsewhere.
    const within = target instanceof Element && target.closest('.explorer-facet')
    for (const part of document.querySelectorAll('.explorer-facet[open]')) {
      if (part !== within) part.open = false
    }
  })

  addEventListener('keydown', ({ key }) => {
    const part = key === 'Escape' && document.querySelector('.explorer-facet[open]')
    if (!part) return
    part.open = false
    part.querySelector('summary').focus()
  })

  addEventListener('popstate', () => {
    if (form()) go(location.href, { pushes: false })
  })
})()
