// The buttons that choose a theme (components/ui/theme-choice.tsx). Before the first paint
// public/theme.js has put an earlier choice in force.
;(() => {
  const root = document.documentElement
  const key = 'theme'

  const known = (value) => (value === 'light' || value === 'dark' ? value : 'system')

  const keep = (choice) => {
    try {
      if (choice === 'system') localStorage.removeItem(key)
      else localStorage.setItem(key, choice)
    } catch {
      // Storage may be switched off; the choice then lasts for this page.
    }
  }

  const show = (choice) => {
    if (choice === 'system') delete root.dataset.theme
    else root.dataset.theme = choice
    for (const button of document.querySelectorAll('theme-choice button')) {
      button.setAttribute('aria-pressed', String(button.value === choice))
    }
  }

  let current = known(root.dataset.theme)

  addEventListener('storage', (event) => {
    if (event.key !== null && event.key !== key) return
    current = known(event.newValue)
    show(current)
  })

  // An element of its own, because a page change within the app brings new buttons.
  customElements.define(
    'theme-choice',
    class extends HTMLElement {
      connectedCallback() {
        this.addEventListener('click', this)
        // While the document is parsed the buttons are not there yet.
        if (document.readyState === 'loading') {
          document.addEventListener('DOMContentLoaded', () => show(current), { once: true })
        } else show(current)
      }

      handleEvent(event) {
        const button = event.target.closest('button')
        if (!button) return
        current = button.value
        keep(current)
        show(current)
      }
    },
  )
})()
