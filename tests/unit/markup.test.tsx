import fc from 'fast-check'
import { createElement, Fragment, forwardRef, memo, type ReactElement, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { markup, stilled } from '@/lib/markup'

function same(node: ReactNode) {
  expect(markup(node)).toBe(renderToStaticMarkup(node))
}

type Written = { className?: string; dangerouslySetInnerHTML?: { __html: string } }
const htmlIn = ({ dangerouslySetInnerHTML }: Written) => dangerouslySetInnerHTML?.__html

const Named = ({ name, children }: { name: string; children?: ReactNode }) => (
  <span title={name}>
    {name}: {children}
  </span>
)
const Forwarded = forwardRef<HTMLElement, { name: string }>(({ name }, ref) => (
  <b ref={ref}>{name}</b>
))
const Remembered = memo(Named)

describe('writes elements as React does', () => {
  test('a table', () =>
    same(
      <table id="all">
        <caption>
          <span className="visually-hidden">{'It\'s "5 < 6" & more'}</span>
        </caption>
        <tbody>
          {[1, 2].map((row) => (
            <tr key={row} id={`f${row}`}>
              <th scope="row" colSpan={2} />
              <td className={undefined}>
                {row} of {10n}
              </td>
              <td>
                {false}
                {null}
                {undefined}
                {true}
                {0}
              </td>
            </tr>
          ))}
        </tbody>
      </table>,
    ))
  test('components', () =>
    same(
      <>
        <Named name="a">
          <br />
        </Named>
        <Forwarded name="b" />
        <Remembered name="c" />
        {[]}
      </>,
    ))
  test('links and what a link must not run', () => {
    same(
      <p>
        <a href="/data?a=1&b=2" rel="noopener" hrefLang="ur" title="" lang={undefined}>
          x
        </a>
        <a href="#y" download data-explore data-hidden={false} aria-hidden={false}>
          y
        </a>
      </p>,
    )
    expect(markup(<a href={'java\nscript:alert(1)'}>x</a>)).toBe('<a href="#">x</a>')
  })
  test('forms', () =>
    same(
      <form method="get" action="/data" className="form" noValidate>
        <input
          name="q"
          type="search"
          defaultValue={'"'}
          maxLength={100}
          required
          disabled={false}
        />
        <input value="v" type="radio" name="view" defaultChecked readOnly />
        <label htmlFor="s">S</label>
        <select id="s" name="size" defaultValue={50}>
          <optgroup label="g">
            <option value={25}>25</option>
            <option value="50">50</option>
          </optgroup>
          <option>50</option>
        </select>
        <button type="submit" name="go" value="1" hidden>
          Go
        </button>
        <details open name="d">
          <summary tabIndex={-1}>S</summary>
        </details>
      </form>,
    ))
  test('a picture', () =>
    same(
      <svg viewBox="0 0 10 10" preserveAspectRatio="none" focusable="false" aria-hidden="true">
        <pattern id="p" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" />
        <g style={{ gridRow: 2, width: 3, top: 0, opacity: 0.5, flexGrow: 1, marginLeft: -1.5 }} />
        <path d="M0 0" strokeWidth={2.5} strokeLinecap="round" fill="none" />
        <text
          x="1rem"
          dy={0}
          textAnchor="middle"
          style={{ width: 'calc(1px)', '--a': 0 } as object}
        >
          1
        </text>
      </svg>,
    ))
  test('whatever the texts and the nesting', () => {
    const text = fc.string({ unit: 'binary' })
    const { tree } = fc.letrec<{ tree: ReactNode }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom(null, false, 0, -1.5),
        fc
          .tuple(
            fc.constantFrom('div', 'span', 'a', 'li', 'g', Fragment),
            fc.record({ id: text, title: text, 'data-x': text }, { requiredKeys: [] }),
            fc.array(tie('tree'), { maxLength: 4 }),
          )
          .map(([type, props, children]) =>
            type === Fragment
              ? createElement(Fragment, null, ...children)
              : createElement(type as string, props, ...children),
          ),
      ),
    }))
    fc.assert(
      fc.property(tree, (node) => same(node)),
      { numRuns: 50 },
    )
  })
})

test('writes the elements of our own scripts', () =>
  same(
    createElement(
      'copy-button',
      { className: 'copy', 'data-of': 'a "b"', hidden: false },
      <button type="button">Copy</button>,
    ),
  ))

describe('leaves to React what only React can bring to a page', () => {
  const Client = Object.assign(() => null, { $$typeof: Symbol.for('react.client.reference') })
  const islands = [
    <script key="1" src="/x.js" async />,
    <link key="2" rel="preload" href="/x" />,
    <form key="3" action={async () => {}} />,
    <Client key="4" />,
  ]
  test('alone, it cannot be written', () => {
    for (const node of [...islands, <p key="5">{islands[0]}</p>, Promise.resolve('x')])
      expect(() => markup(node as ReactNode)).toThrow()
  })
  test('what stands beside it can', () => {
    const page = stilled(
      <main id="m">
        <ul className="a">
          <li>One</li>
        </ul>
        {islands}
        {'Text '}
        {1}
        <p>
          <select defaultValue="b">
            <option>a</option>
            <option>b</option>
          </select>
          <Named name="n" />
        </p>
      </main>,
    ) as ReactElement<{ children: { props: { children: ReactNode[] } } }>
    const parts = page.props.children.props.children
    expect(parts.slice(1, 5)).toEqual(islands)
    expect(parts[5]).toBe('Text 1')
    const written = [parts[0], parts[6]] as ReactElement<Written>[]
    expect(written.map(({ type, props }) => [type, htmlIn(props)])).toEqual([
      ['ul', '<li>One</li>'],
      [
        'p',
        '<select><option>a</option><option selected="">b</option></select><span title="n">n: </span>',
      ],
    ])
    expect(written[0]?.props.className).toBe('a')
  })
  test('what it holds is written, and what is waited for is once it is there', async () => {
    const waited = stilled(
      Promise.resolve(
        <p>
          <b>b</b>
        </p>,
      ),
    ) as Promise<ReactElement<Written>>
    expect(htmlIn((await waited).props)).toBe('<b>b</b>')
    const Holder = Client as unknown as (props: { children: ReactNode }) => null
    const island = stilled(
      <Holder>
        <p>
          <b>b</b>
        </p>
      </Holder>,
    ) as ReactElement<{ children: ReactElement<Written> }>
    expect(htmlIn(island.props.children.props)).toBe('<b>b</b>')
  })
  test('the whole page is the same HTML either way', () => {
    const page = (
      <main>
        <p>
          a<b>b</b>
        </p>
        <section>
          <noscript>x</noscript>
          <select defaultValue={2}>
            <option value="1">1</option>
            <option value="2">2</option>
          </select>
          <i>c</i>d{'<'}
        </section>
      </main>
    )
    expect(renderToStaticMarkup(stilled(page))).toBe(renderToStaticMarkup(page))
  })
})
