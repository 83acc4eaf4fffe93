// Written into <head> (scripts/lean-page.mjs), before the first paint: what can wait is elsewhere.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {}
addEventListener('DOMContentLoaded', () => {
  for (const text of document.querySelectorAll('script[type="text/later"]')) {
    const script = document.createElement('script')
    for (const { name, value } of text.attributes) {
      if (name !== 'type') script.setAttribute(name, value)
    }
    script.async = true
    text.replaceWith(script)
  }
})
