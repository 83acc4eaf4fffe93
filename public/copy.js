// Buttons that copy the text of another element. Without this script they are not shown.
customElements.define(
  'copy-button',
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener('click', this)
    }

    async handleEvent(event) {
      if (!event.target.closest('button')) return
      const source = document.getElementById(this.dataset.of)
      if (!(await this.copied(source.textContent, source))) return
      const status = this.querySelector('[role="status"]')
      status.textContent = this.dataset.done
      setTimeout(() => {
        status.textContent = ''
      }, 4000)
    }

    /** Pages that are not from a safe origin have no clipboard: the text is selected there. */
    async copied(text, source) {
      try {
        await navigator.clipboard.writeText(text)
        return true
      } catch {
        getSelection().selectAllChildren(source)
        return false
      }
    }
  },
)
