import { direction, type Locale, translator } from '@/lib/i18n'
import { numberWords } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'
import type { NumberWords } from '@/lib/typed-number'
import type { CellState } from './model'

const wordKeys = [
  'help',
  'published',
  'nothing',
  'note',
  'source',
  'legend',
  'edit',
  'undo',
  'redo',
  'copyAll',
  'addNote',
  'addSource',
  'addSourceToBlock',
  'yours',
  'theirs',
  'question',
  'keepMine',
  'takeTheirs',
  'unchanged',
  'selected',
  'selectedTo',
  'saving',
  'saved',
  'heardSaved',
  'offline',
  'signedOut',
  'notKept',
  'restored',
  'strangers',
  'pasted',
  'pastedByHeadings',
  'lockedCells',
  'outside',
  'unknownRows',
  'unknownColumns',
  'unreadable',
  'emptyClipboard',
  'clipboardTooLarge',
  'undone',
  'redone',
  'nothingToUndo',
  'nothingToRedo',
  'copied',
  'cleared',
  'filled',
  'leave',
  'dismiss',
  'unanswered',
] as const
type WordKey = (typeof wordKeys)[number]

/** The texts of a grid, so that no catalogue of messages goes to the browser. `{…}` are filled there. */
export interface GridWords extends Record<WordKey, string> {
  direction: 'ltr' | 'rtl'
  separator: string
  hasUrduDigits: boolean
  states: Record<CellState, string>
  keys: readonly { keys: string; does: string }[]
  keysTitle: string
  /** How numbers are read before the server does, and what is said where they cannot be. */
  numbers: NumberWords
  problems: Record<string, string>
}

const keyTexts = [
  ['arrows', 'move'],
  ['enter', 'down'],
  ['tab', 'along'],
  ['escape', 'escape'],
  ['f2', 'edit'],
  ['shiftArrows', 'select'],
  ['delete', 'clear'],
  ['ctrlD', 'fill'],
  ['ctrlR', 'fillAlong'],
  ['corner', 'fillOver'],
  ['ctrlZ', 'undo'],
  ['ctrlV', 'paste'],
  ['shiftF2', 'note'],
  ['shiftF4', 'source'],
] as const

export function gridWords(locale: Locale): GridWords {
  const t = translator(locale, 'grid')
  const problems = translator(locale, 'numbers') as { raw(key: string): unknown }
  const language = translator(locale, 'language')
  const states = translator(locale, 'grid.states')
  const raw = (key: WordKey) => [key, String(t.raw(key))] as const
  return {
    ...(Object.fromEntries(wordKeys.map(raw)) as Record<WordKey, string>),
    direction: direction(locale),
    separator: language('separator'),
    hasUrduDigits: settingsOf(locale).digits === 'urdu',
    states: {
      empty: states('empty'),
      typed: states('typed'),
      saving: states('saving'),
      saved: states('saved'),
      failed: states('failed'),
      invalid: states('invalid'),
      warning: states('warning'),
      conflict: states('conflict'),
      locked: states('locked'),
    },
    keysTitle: t('keysTitle'),
    keys: keyTexts.map(([key, does]) => ({ keys: t(`keys.${key}`), does: t(`does.${does}`) })),
    numbers: numberWords(),
    problems: problems.raw('problems') as Record<string, string>,
  }
}
