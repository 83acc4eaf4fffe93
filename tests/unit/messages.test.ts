import { expect, test } from 'vitest'
import { checkMessages } from '../../scripts/check-messages'

const code = `const t = translator(locale, 'figures')\nt('title')\nt(\`kind.\${kind}\`)\n`
const check = (en: object, ur: object) =>
  checkMessages({ en: { figures: en }, ur: { figures: ur } } as never, code)

test('languages that say the same have no problems', () => {
  const figures = {
    title: '{count, plural, one {# figure} other {# figures}}',
    kind: { flow: 'x' },
  }
  expect(check(figures, { title: '{count} اعداد', kind: { flow: 'y' } })).toEqual([])
})

test('a key that one language lacks is missing, whichever it is', () => {
  expect(check({ title: 'x', kind: { flow: 'y' } }, { title: 'x' })).toEqual([
    'ur: figures.kind.flow is missing',
  ])
  expect(check({}, { title: 'x' })).toEqual(['en: figures.title is missing'])
})

test('an empty text is none', () => {
  expect(check({ title: 'x' }, { title: ' ' })).toEqual(['ur: figures.title is empty'])
})

test.each([
  ['another name', '{count}', '{number}', ['count', 'number']],
  ['none', '{count}', 'x', ['count']],
  ['another sort', '{day, date}', '{day}', ['day']],
  ['other choices', '{sex, select, F {a} other {b}}', '{sex, select, M {a} other {b}}', ['sex']],
  ['one inside a choice', '{n, plural, other {{place}}}', '{n} x', ['place']],
  ['no link', '<link>x</link>', 'x', ['<link>']],
])('languages take the same arguments: %s', (_, en, ur, names) => {
  expect(check({ title: en }, { title: ur })).toEqual(
    names.map((name) => `ur: figures.title differs from the others in the argument ${name}`),
  )
})

test('a text with bad syntax is named', () => {
  expect(check({ title: 'x' }, { title: '{count' })).toEqual([
    expect.stringContaining('ur: figures.title is not a message'),
  ])
})

test('a text that no code asks for is named, but not one that code puts together', () => {
  const figures = { old: 'x', kind: { stock: 'x' }, problems: { late: 'x' } }
  expect(check(figures, figures)).toEqual(['figures.old is used by no code'])
})
