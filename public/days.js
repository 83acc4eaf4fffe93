// Fields for a day come as plain text, which is painted sooner: see scripts/lean-page.mjs. They get
// their calendar as soon as a finger, a pointer or the focus comes to their form.
;(() => {
  const kinds = ['pointerover', 'touchstart', 'focusin']
  const restore = ({ target }) => {
    const form = target instanceof Element && target.closest('form')
    if (!form) return
    for (const field of form.querySelectorAll('input[data-day]')) {
      field.removeAttribute('data-day')
      field.type = 'date'
    }
    if (document.querySelector('input[data-day]')) return
    for (const kind of kinds) removeEventListener(kind, restore, true)
  }
  for (const kind of kinds) addEventListener(kind, restore, { capture: true, passive: true })
})()
