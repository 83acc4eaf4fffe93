import { Monitor, Moon, Sun } from 'lucide-react'
import type { HTMLAttributes } from 'react'

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'theme-choice': HTMLAttributes<HTMLElement>
    }
  }
}

const icons = { system: Monitor, light: Sun, dark: Moon } as const

export type Theme = keyof typeof icons
const themes = Object.keys(icons) as Theme[]

/** Three buttons that public/theme-choice.js brings to life; without the script they are not shown. */
export function ThemeChoice({ label, names }: { label: string; names: Record<Theme, string> }) {
  return (
    <theme-choice className="theme-choice" role="group" aria-label={label}>
      {themes.map((theme) => {
        const Icon = icons[theme]
        return (
          <button
            key={theme}
            type="button"
            value={theme}
            title={names[theme]}
            aria-label={names[theme]}
            aria-pressed={theme === 'system'}
            // theme-choice.js sets aria-pressed before React looks.
            suppressHydrationWarning
          >
            <Icon aria-hidden="true" />
          </button>
        )
      })}
    </theme-choice>
  )
}
