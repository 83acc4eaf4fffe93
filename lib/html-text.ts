const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in HTML, also within the quotes of an attribute. */
export const htmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => references[character] ?? '')
