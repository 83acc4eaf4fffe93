/** Five, counted by hand: four strokes and a slash. */
export function TallyMark() {
  return (
    <svg viewBox="0 0 26 26" aria-hidden="true" focusable="false">
      <path
        d="M5 4v18M10.33 4v18M15.66 4v18M21 4v18M1.5 18.5l23-11"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  )
}
