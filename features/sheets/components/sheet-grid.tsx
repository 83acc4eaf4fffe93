'use client'

import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { Grid } from '@/components/grid/grid'
import {
  type CellAddress,
  type CellChange,
  type CellUpdate,
  cellKey,
  type GridCell,
  type GridColumn,
  type GridHandle,
  type GridRequest,
  type GridRow,
  type SaveAnswer,
} from '@/components/grid/model'
import type { GridWords } from '@/components/grid/words'
import { Button, ButtonLink } from '@/components/ui/button'
import { InputField, TextAreaField } from '@/components/ui/field'
import { askDevice, usePasskeysHere } from '@/features/second-step/components/passkey-ceremony'
import type { PasskeyAsked } from '@/features/second-step/schema'
import type { TypedSource } from '../schema'

export interface SheetTexts {
  label: string
  corner: string
  check: string
  present: string
  separator: string
  you: string
  notAllowed: string
  someoneElse: string
  signInTitle: string
  signInText: string
  email: string
  password: string
  signIn: string
  code: string
  codeText: string
  /** Null where there can be no passkeys. */
  passkey: string | null
  declined: string
  close: string
  save: string
  noteTitle: string
  note: string
  sourceTitle: string
  sourceText: string
  unavailable: string
  fields: Record<keyof TypedSource, string>
}

export interface SheetGridProps {
  author: string
  address: string
  /** Where cells are sent, and where to sign in without leaving. */
  endpoints: { cells: string; signIn: string; check: string }
  locale: string
  rows: readonly GridRow[]
  columns: readonly GridColumn[]
  cells: Readonly<Record<string, GridCell>>
  sources: Readonly<Record<string, TypedSource>>
  since: number
  present: readonly string[]
  words: GridWords
  texts: SheetTexts
}

/** Milliseconds between two questions for news. */
const newsEvery = 5_000

type Sent = {
  row: string
  column: string
  note?: string
  source?: TypedSource | null
  text?: string
  base?: number | null
}

/** The grid with all around it that needs the network: saving, news, notes, sources, signing in. */
export function SheetGrid(props: SheetGridProps) {
  const { texts, endpoints, author } = props
  const grid = useRef<GridHandle>(null)
  const client = useRef<SheetClient>(null)
  client.current ??= new SheetClient(props)
  const [present, setPresent] = useState(props.present)
  const [isSignedOut, setSignedOut] = useState(false)
  const [isOther, setOther] = useState(false)
  const [request, setRequest] = useState<GridRequest | null>(null)

  const send = async (cells: Sent[]): Promise<SaveAnswer> => {
    const answer = await client.current?.send(cells)
    if (!answer || answer.status >= 500) throw new Error('No answer.')
    if (answer.status === 401 || answer.status === 409) {
      setOther(answer.status === 409)
      return { kind: 'signedOut' }
    }
    if (answer.status !== 200) {
      const failed = { state: 'failed' as const, message: texts.notAllowed }
      return { kind: 'saved', cells: cells.map(({ row, column }) => ({ row, column, ...failed })) }
    }
    setPresent(answer.present)
    return { kind: 'saved', cells: answer.cells }
  }
  useNews(grid, () => send([]))

  const edit = async (changes: Sent[]) => {
    await grid.current?.flush()
    const answer = await send(changes)
    if (answer.kind === 'signedOut') return setSignedOut(true)
    grid.current?.update(answer.cells)
    setRequest(null)
  }

  return (
    <div className="sheet">
      <p className="sheet-present" role="status">
        {present.length > 0 && texts.present.replace('{names}', present.join(texts.separator))}
      </p>
      <Grid
        ref={grid}
        label={texts.label}
        corner={texts.corner}
        journalId={`${author}:${props.address}`}
        rows={props.rows}
        columns={props.columns}
        cells={props.cells}
        words={props.words}
        onSave={(changes: CellChange[]) => send(changes)}
        onSignedOut={() => setSignedOut(true)}
        onRequest={setRequest}
      />
      <p className="sheet-actions">
        <ButtonLink
          href={endpoints.check}
          onClick={async (event) => {
            event.preventDefault()
            if (await grid.current?.flush()) window.location.assign(endpoints.check)
          }}
        >
          {texts.check}
        </ButtonLink>
      </p>
      {request?.what === 'note' && request.cells[0] && (
        <NoteDialog
          cell={request.cells[0]}
          note={client.current.note(request.cells[0])}
          texts={texts}
          onSave={edit}
          onClose={() => setRequest(null)}
        />
      )}
      {request?.what === 'source' && (
        <SourceDialog
          cells={request.cells}
          source={client.current.source(request.cells[0])}
          texts={texts}
          onSave={edit}
          onClose={() => setRequest(null)}
        />
      )}
      {isSignedOut && (
        <SignInDialog
          path={endpoints.signIn}
          locale={props.locale}
          text={isOther ? texts.someoneElse : texts.signInText}
          texts={texts}
          onDone={() => {
            setSignedOut(false)
            grid.current?.resume()
          }}
          onClose={() => setSignedOut(false)}
        />
      )}
    </div>
  )
}

type Answer = { status: number; cells: CellUpdate[]; present: string[]; seen?: string }

/** What the browser knows of the sheet beside what the grid shows, and how it asks for more. */
class SheetClient {
  readonly #props: SheetGridProps
  readonly #notes = new Map<string, string>()
  readonly #sources: Map<string, TypedSource>
  /** Texts of one's own from elsewhere that a cell asks about, with the number to answer with. */
  readonly #own = new Map<string, { text: string; base: number | null | undefined }>()

  /** Grows when texts are sent, and when they are answered. */
  #saves = 0
  /** What the last news stood for. */
  #seen: string | undefined

  constructor(props: SheetGridProps) {
    this.#props = props
    this.#sources = new Map(Object.entries(props.sources))
    for (const [key, { note }] of Object.entries(props.cells)) if (note) this.#notes.set(key, note)
  }

  note(cell: CellAddress): string {
    return this.#notes.get(cellKey(cell)) ?? ''
  }

  source(cell: CellAddress | undefined): TypedSource | null {
    return (cell && this.#sources.get(cellKey(cell))) ?? null
  }

  async send(changes: readonly Sent[]): Promise<Answer> {
    const { author, address, since, endpoints } = this.#props
    const cells = changes.map((change) => this.#withOwn(change))
    const isNews = changes.length === 0
    const asked = isNews ? this.#saves : ++this.#saves
    const response = await fetch(endpoints.cells, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ author, address, cells, since, ...(isNews && { seen: this.#seen }) }),
    })
    if (response.status !== 200) return { status: response.status, cells: [], present: [] }
    const answer: Answer = await response.json()
    // What was stored meanwhile is newer than this news of it.
    if (isNews && asked !== this.#saves) return { ...answer, cells: [] }
    if (isNews) this.#seen = answer.seen
    else this.#saves++
    for (const { row, column, source } of changes) {
      if (source) this.#sources.set(cellKey({ row, column }), source)
      if (source === null) this.#sources.delete(cellKey({ row, column }))
    }
    for (const cell of answer.cells) this.#learn(cell)
    return answer
  }

  /** Theirs may be one's own from another tab: to take it is to keep it, not to clear the cell. */
  #withOwn(change: Sent): Sent {
    const own = this.#own.get(cellKey(change))
    return own && change.text === '' && change.base === own.base
      ? { ...change, text: own.text }
      : change
  }

  #learn(cell: CellUpdate): void {
    const key = cellKey(cell)
    if (cell.note) this.#notes.set(key, cell.note)
    else if (cell.note === null) this.#notes.delete(key)
    const isOwn = cell.state === 'conflict' && cell.theirs?.by === this.#props.texts.you
    if (isOwn && cell.theirs) this.#own.set(key, { text: cell.theirs.text, base: cell.theirs.base })
    else this.#own.delete(key)
  }
}

/** Asks for news while the page is in sight. */
function useNews(grid: RefObject<GridHandle | null>, ask: () => Promise<SaveAnswer>): void {
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  })
  useEffect(() => {
    let isAsking = false
    const timer = setInterval(async () => {
      if (isAsking || document.visibilityState === 'hidden') return
      isAsking = true
      const answer = await latest.current().catch(() => null)
      isAsking = false
      if (answer?.kind === 'saved') grid.current?.update(answer.cells)
    }, newsEvery)
    return () => clearInterval(timer)
  }, [grid])
}

function useDialog(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return dialog
}

function NoteDialog({
  cell,
  note,
  texts,
  onSave,
  onClose,
}: {
  cell: CellAddress
  note: string
  texts: SheetTexts
  onSave(changes: Sent[]): void
  onClose(): void
}) {
  const dialog = useDialog()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSave([{ ...cell, note: String(new FormData(event.currentTarget).get('note') ?? '') }])
  }
  return (
    <dialog ref={dialog} className="sheet-dialog" aria-labelledby="note-title" onClose={onClose}>
      <form onSubmit={submit} className="stack">
        <h2 id="note-title">{texts.noteTitle}</h2>
        <TextAreaField
          id="note-text"
          name="note"
          label={texts.note}
          defaultValue={note}
          maxLength={2000}
          rows={3}
          dir="auto"
        />
        <DialogButtons texts={texts} submit={texts.save} onClose={onClose} />
      </form>
    </dialog>
  )
}

const sourceNames = ['publisher', 'title', 'sourceDate', 'url'] as const

function SourceDialog({
  cells,
  source,
  texts,
  onSave,
  onClose,
}: {
  cells: readonly CellAddress[]
  source: TypedSource | null
  texts: SheetTexts
  onSave(changes: Sent[]): void
  onClose(): void
}) {
  const dialog = useDialog()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = Object.fromEntries(
      sourceNames.map((name) => [name, String(form.get(name) ?? '')]),
    ) as TypedSource
    const isEmpty = sourceNames.every((name) => typed[name].trim() === '')
    onSave(cells.map((cell) => ({ ...cell, source: isEmpty ? null : typed })))
  }
  return (
    <dialog ref={dialog} className="sheet-dialog" aria-labelledby="source-title" onClose={onClose}>
      <form onSubmit={submit} className="stack">
        <h2 id="source-title">{texts.sourceTitle}</h2>
        <p>{texts.sourceText}</p>
        {sourceNames.map((name) => (
          <InputField
            key={name}
            id={`cell-${name}`}
            name={name}
            label={texts.fields[name]}
            defaultValue={source?.[name] ?? ''}
            dir={name === 'url' ? 'ltr' : 'auto'}
          />
        ))}
        <DialogButtons texts={texts} submit={texts.save} onClose={onClose} />
      </form>
    </dialog>
  )
}

/** What the way to sign in again answers; `asked` is what the device is asked for next. */
interface Said {
  isDone?: true
  problems?: string[]
  isHalfWay?: boolean
  asked?: PasskeyAsked
}

function SignInDialog({
  path,
  locale,
  text,
  texts,
  onDone,
  onClose,
}: {
  path: string
  locale: string
  text: string
  texts: SheetTexts
  onDone(): void
  onClose(): void
}) {
  const dialog = useDialog()
  const [problems, setProblems] = useState<readonly string[]>([])
  const [isHalfWay, setHalfWay] = useState(false)
  const canHere = usePasskeysHere()
  const post = async (body: FormData): Promise<Said> => {
    const answer = await fetch(path, { method: 'POST', body }).catch(() => null)
    if (answer?.status === 204) return { isDone: true }
    return answer?.ok ? answer.json() : { problems: [texts.unavailable] }
  }
  const send = async (body: FormData) => {
    const { isDone, problems: found = [], isHalfWay: isNow } = await post(body)
    if (isDone) return onDone()
    setProblems(found)
    setHalfWay((before) => isNow ?? before)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    return send(new FormData(event.currentTarget))
  }
  const askForPasskey = async () => {
    const body = new FormData()
    body.set('locale', locale)
    body.set('purpose', 'signIn')
    const { asked } = await post(body)
    if (!asked) return setProblems([texts.unavailable])
    if (asked.problem !== undefined) return setProblems([asked.problem])
    const done = await askDevice(asked)
    if (done.response === undefined) return setProblems([texts.declined])
    body.set('response', done.response)
    await send(body)
  }
  return (
    <dialog
      ref={dialog}
      className="sheet-dialog"
      aria-labelledby="sign-in-title"
      aria-describedby="sign-in-text"
      onClose={onClose}
    >
      <form onSubmit={submit} className="stack">
        <h2 id="sign-in-title">{texts.signInTitle}</h2>
        <p id="sign-in-text">{isHalfWay ? texts.codeText : text}</p>
        <input type="hidden" name="locale" value={locale} />
        <div role="alert">
          {problems.map((problem) => (
            <p key={problem} className="field-error">
              {problem}
            </p>
          ))}
        </div>
        {isHalfWay ? (
          <InputField
            key="code"
            id="again-code"
            name="code"
            type="text"
            label={texts.code}
            autoComplete="one-time-code"
            dir="ltr"
            autoFocus
            required
          />
        ) : (
          <>
            <InputField
              id="again-email"
              name="email"
              type="email"
              label={texts.email}
              autoComplete="username"
              dir="ltr"
              required
            />
            <InputField
              id="again-password"
              name="password"
              type="password"
              label={texts.password}
              autoComplete="current-password"
              dir="ltr"
              required
            />
          </>
        )}
        <DialogButtons texts={texts} submit={texts.signIn} onClose={onClose}>
          {canHere && texts.passkey && (
            <Button rank="secondary" type="button" onClick={askForPasskey}>
              {texts.passkey}
            </Button>
          )}
        </DialogButtons>
      </form>
    </dialog>
  )
}

function DialogButtons({
  texts,
  submit,
  onClose,
  children,
}: {
  texts: SheetTexts
  submit: string
  onClose(): void
  children?: ReactNode
}) {
  return (
    <p className="flex flex-wrap gap-3">
      <Button>{submit}</Button>
      {children}
      <Button rank="secondary" type="button" onClick={onClose}>
        {texts.close}
      </Button>
    </p>
  )
}
