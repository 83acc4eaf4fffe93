/** Links to the sections of a long page. */
export function Contents({
  label,
  entries,
}: {
  label: string
  entries: readonly { id: string; text: string }[]
}) {
  return (
    <nav className="page-contents screen-only" aria-label={label}>
      <ul>
        {entries.map(({ id, text }) => (
          <li key={id}>
            <a href={`#${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
