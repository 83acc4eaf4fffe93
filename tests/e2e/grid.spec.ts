import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { buildGrid } from '../support/grid-harness'

/** The grid alone, at an address of the product: what stands in it is no one's figures. */
const built = buildGrid()

async function open(page: Page, query: string): Promise<void> {
  const answer = await built
  await page.route('**/grid-alone/**', (route) => {
    const [contentType, body] = answer(route.request().url())
    return route.fulfill({ contentType, body })
  })
  await page.goto(`/grid-alone/?${query}`)
  await cellAt(page, 0, 0).click()
}

const cellAt = (page: Page, row: number, column: number) =>
  page.locator(`[role="gridcell"][data-row="${row}"][data-column="${column}"]`)

const textAt = (page: Page, row: number, column: number) =>
  cellAt(page, row, column).locator('.grid-text')

const place = (page: Page) =>
  page.evaluate(() => {
    const { row, column } = (document.activeElement as HTMLElement).dataset
    return [Number(row), Number(column)]
  })

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function paste(page: Page, text: string, html = ''): Promise<void> {
  await page.evaluate(
    ([plain = '', table = '']) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', plain)
      if (table) clipboardData.setData('text/html', table)
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    },
    [text, html],
  )
}

const texts = (page: Page, row: number, columns: number) =>
  Promise.all(Array.from({ length: columns }, (_, at) => textAt(page, row, at).textContent()))

/** As each programme puts three columns on the clipboard: a percentage, a thousands mark, a blank. */
const excel = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=Generator content="Microsoft Excel 15"><style><!--table {mso-displayed-decimal-separator:"\\.";} .xl65 {mso-number-format:"\\#\\,\\#\\#0";} --></style></head><body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse'><!--StartFragment--><col width=64 span=3 style='width:48pt'><tr height=20><td height=20 class=xl65 align=right width=64>1,234</td><td class=xl65></td><td class=xl66 align=right>12.5%</td></tr><tr height=20><td height=20 align=right>&#1777;&#1778;&#1779;</td><td>&nbsp;</td><td align=right>40%</td></tr><!--EndFragment--></table></body></html>`
const libreOffice = `<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><meta name="generator" content="LibreOffice 24.2.4.2 (Linux)"/><style type="text/css">body,div,table{font-family:"Liberation Sans"}</style></head><body><table cellspacing="0" border="0"><colgroup span="3" width="86"></colgroup><tr><td height="17" align="right" sdval="1234" sdnum="1033;0;#,##0">1,234</td><td align="left"><br></td><td align="right" sdval="0.125" sdnum="1033;0;0.0%"><font color="#000000">12.5%</font></td></tr><tr><td height="17" align="left">\u0661\u0662\u0663</td><td align="left"><br></td><td align="right" sdval="0.4">40%</td></tr></table></body></html>`
const sheets = `<meta charset='utf-8'><google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}br {mso-data-placement:same-cell;}--></style><table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" cellpadding="0" dir="ltr" border="1" data-sheets-root="1"><colgroup><col width="100"/><col width="100"/><col width="100"/></colgroup><tbody><tr style="height:21px;"><td data-sheets-value='{"1":3,"3":1234}' data-sheets-numberformat='{"1":2,"2":"#,##0"}'>1,234</td><td></td><td data-sheets-value="{&quot;1&quot;:3,&quot;3&quot;:0.125}">12.5%</td></tr><tr style="height:21px;"><td>\u06f1\u06f2\u06f3</td><td></td><td>40%</td></tr></tbody></table>`

test('blocks from Excel, LibreOffice and Google Sheets come as they were shown', async ({
  page,
}) => {
  await open(page, 'rows=12')
  const plain = '1,234\t\t12.5%\r\n123\t\t40%\r\n'
  for (const [at, html] of [excel, libreOffice, sheets, ''].entries()) {
    await cellAt(page, at * 2, 0).click()
    await paste(page, plain, html)
    expect(await texts(page, at * 2, 3)).toEqual(['1,234', '', '12.5%'])
  }
  expect(await texts(page, 1, 3)).toEqual(['۱۲۳', '', '40%'])
  expect(await texts(page, 3, 3)).toEqual(['١٢٣', '', '40%'])
  expect(await texts(page, 5, 3)).toEqual(['۱۲۳', '', '40%'])
  await expect(page.locator('[role="gridcell"][data-state="invalid"]')).toHaveCount(0)
  await cellAt(page, 8, 0).click()
  await paste(page, 'many')
  await expect(cellAt(page, 8, 0)).toHaveAttribute('aria-invalid', 'true')
})

test('headings place a block, and what has no place is told', async ({ page }) => {
  await open(page, 'rows=3&columns=8')
  await paste(
    page,
    '',
    '<table><tr><td rowspan=2>Academy</td><td colspan=2>FY2024</td></tr><tr><td>Completed</td><td>Enrolled</td></tr>' +
      '<tr><td>Academy 3</td><td>7</td><td>8</td></tr><tr><td>Academy 99</td><td>1</td><td>2</td></tr></table>',
  )
  expect([await textAt(page, 2, 5).textContent(), await textAt(page, 2, 4).textContent()]).toEqual([
    '7',
    '8',
  ])
  await expect(page.locator('.grid-notice')).toContainText('Academy 99')

  await cellAt(page, 1, 0).click()
  await paste(page, Array.from({ length: 4 }, () => '1\t2').join('\n'))
  await expect(page.locator('.grid-notice')).toContainText('were left out: 4')
  await page.getByRole('button', { name: 'Close this message' }).click()
  await expect(page.locator('.grid-notice')).toHaveCount(0)
})

test('a block is copied as text and as a table, for other programmes too', async ({ page }) => {
  await open(page, 'rows=3')
  await paste(page, '1,200\t=1+1\n\t-5')
  const copied = await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }),
    )
    return [clipboardData.getData('text/plain'), clipboardData.getData('text/html')]
  })
  expect(copied).toEqual([
    "1,200\t'=1+1\r\n\t-5",
    "<table><tbody><tr><td>1,200</td><td>'=1+1</td></tr><tr><td></td><td>-5</td></tr></tbody></table>",
  ])
})

test('keys do what they do in a spreadsheet', async ({ page }) => {
  await open(page, 'rows=8')
  await press(page, '1', '2', 'Tab', '3', 'Enter')
  expect(await texts(page, 0, 2)).toEqual(['12', '3'])
  expect(await place(page)).toEqual([1, 0])

  // Escape gives up, F2 goes on with what is there, arrows leave what was begun by typing.
  await press(page, 'ArrowUp', '9', 'Escape')
  expect(await texts(page, 0, 1)).toEqual(['12'])
  await press(page, 'F2', '4', 'ArrowLeft', '5', 'Enter')
  expect(await texts(page, 0, 1)).toEqual(['1254'])
  await press(page, '6', 'ArrowRight')
  expect(await place(page)).toEqual([1, 1])

  // Fill down and along, undo and redo.
  await press(page, 'Control+Home', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await press(page, 'Control+d')
  expect(await texts(page, 2, 2)).toEqual(['1254', '3'])
  await press(page, 'Control+z')
  expect(await texts(page, 2, 2)).toEqual(['', ''])
  await press(page, 'Control+y')
  expect(await texts(page, 2, 2)).toEqual(['1254', '3'])
  await press(page, 'Control+r')
  expect(await texts(page, 2, 2)).toEqual(['1254', '1254'])
  await press(page, 'Delete')
  expect(await texts(page, 2, 2)).toEqual(['', ''])
})

test('the corner of the selection is dragged over the cells to fill', async ({ page }) => {
  await open(page, 'rows=8')
  await paste(page, '1\t2\n3\t4')
  const handle = page.locator('[data-fill]')
  const drag = async (row: number, column: number) => {
    await handle.hover()
    await page.mouse.down()
    await cellAt(page, row, column).hover()
    await page.mouse.up()
  }
  await drag(4, 1)
  expect(await texts(page, 3, 2)).toEqual(['3', '4'])
  expect(await texts(page, 4, 3)).toEqual(['1', '2', ''])
  await drag(4, 2)
  expect(await texts(page, 1, 3)).toEqual(['3', '4', '3'])
  await press(page, 'Control+z')
  expect(await texts(page, 1, 3)).toEqual(['3', '4', ''])
})

test('arrows follow what is seen in Urdu', async ({ page }) => {
  await open(page, 'rows=4&locale=ur')
  await press(page, 'ArrowLeft')
  expect(await place(page)).toEqual([0, 1])
  await press(page, 'ArrowRight')
  expect(await place(page)).toEqual([0, 0])
})

test('without a network everything is kept, over a closed page too, and sent when it is back', async ({
  page,
  context,
}) => {
  const answers = (mode: 'lost' | 'saved') =>
    page.evaluate((now) => {
      const { harness } = window as unknown as { harness: { mode: string } }
      harness.mode = now
    }, mode)
  await open(page, 'rows=4&journal=officer')
  await answers('lost')
  await context.setOffline(true)
  await press(page, '4', '1', 'Enter')
  await expect(page.locator('.grid-status')).toContainText('Kept in this browser: 1')
  await answers('saved')
  await context.setOffline(false)
  await expect(page.locator('.grid-status')).toHaveText('Everything is saved as a draft')

  await answers('lost')
  await press(page, '4', '2', 'Enter', '4', '3')
  await page.reload()
  await expect(page.locator('.grid-notice')).toContainText('had not been saved: 2')
  await expect(textAt(page, 1, 0)).toHaveText('42')
  await expect(textAt(page, 2, 0)).toHaveText('43')
  await expect(page.locator('.grid-status')).toHaveText('Everything is saved as a draft')
})

interface Heard {
  role: string
  name: string
  properties: Record<string, unknown>
}

/** What a screen reader is given of the cell that has the focus. */
async function heard(page: Page): Promise<Heard> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  const focused = nodes.filter(({ properties = [] }) =>
    properties.some(({ name, value }) => name === 'focused' && value.value === true),
  )
  const node = focused.at(-1)
  return {
    role: String(node?.role?.value),
    name: String(node?.name?.value),
    properties: Object.fromEntries(
      (node?.properties ?? []).map(({ name, value }) => [name, value.value]),
    ),
  }
}

test('each move is heard: place, value and state', async ({ page }) => {
  await open(page, 'rows=8')
  const grid = page.getByRole('grid', { name: 'Figures' })
  await expect(grid).toHaveAttribute('aria-rowcount', '9')
  // One heading a column and a row, with all it is called by.
  const column = grid.getByRole('columnheader', { name: 'Certified, %, FY2023', exact: true })
  await expect(column).toHaveAttribute('aria-colindex', '4')
  await expect(grid.getByRole('columnheader')).toHaveCount(5)
  const row = grid.getByRole('rowheader', { name: 'Academy 2, Sindh', exact: true })
  await expect(row).toBeVisible()

  await press(page, '4', '2', 'Tab')
  await expect(cellAt(page, 0, 0)).toHaveAttribute('data-state', 'saved')
  await press(page, 'ArrowLeft')
  const saved = await heard(page)
  expect(saved.role).toBe('gridcell')
  expect(saved.name).toMatch(/^42\W+Saved as a draft\W+Published\W+1000$/)
  await press(page, 'ArrowRight', 'o', 'n', 'e', 'Enter', 'ArrowUp')
  await expect(cellAt(page, 0, 1)).toHaveAttribute('aria-invalid', 'true')
  await press(page, 'ArrowDown', 'ArrowUp')
  expect((await heard(page)).properties).toMatchObject({ invalid: 'true' })
  const cell = cellAt(page, 0, 1)
  await expect(cell).toHaveAttribute('aria-colindex', '3')
  await expect(page.getByRole('row').filter({ has: cell })).toHaveAttribute('aria-rowindex', '2')
  await press(page, 'Shift+ArrowRight')
  expect((await heard(page)).properties).toMatchObject({ selected: true })

  // Up and down, a reader of screens may leave the row's heading out; an empty cell says it is one.
  await press(page, 'ArrowDown', 'ArrowRight')
  expect((await heard(page)).name).toBe('Empty, Published: 1012')
  await press(page, 'ArrowDown')
  expect((await heard(page)).name).toBe('Empty, Academy 3')
  await expect(cellAt(page, 2, 2).locator('.visually-hidden')).toHaveText('Empty, Academy 3')
})

test('what happens beside the focus is said', async ({ page }) => {
  await open(page, 'rows=8')
  const said = page.getByRole('status')
  await press(page, '4', '2', 'Enter')
  await expect(said).toHaveText('Saved.')
  await press(page, 'm', 'a', 'n', 'y', 'Enter')
  await expect(said).toContainText('Academy 2, Enrolled, FY2023: Not valid: “many”')
  await expect(page.locator('.grid-status')).toHaveAttribute('data-status', 'saved')
  await expect(said).toHaveText('Academy 2, Enrolled, FY2023: Not valid: Not a number.')

  await press(page, 'Shift+ArrowDown', 'Shift+ArrowRight')
  await expect(said).toHaveText('Cells selected: 4, to Academy 4, Completed, FY2023.')
  await press(page, 'Escape')
  await expect(said).toHaveText('Cells selected: 1')
  await press(page, 'F2', 'Escape')
  await expect(said).toHaveText('Not changed.')
  await press(page, 'Control+a')
  await expect(said).toContainText('Cells selected: 32')

  await page.evaluate(() => {
    Object.assign((window as unknown as { harness: object }).harness, { mode: 'conflict' })
  })
  await press(page, 'Control+Home', '5', 'Enter')
  await expect(said).toHaveText('Academy 1, Enrolled, FY2023: Changed by somebody else')
})

test('nothing is amiss with any state, in both languages and in the dark', async ({
  page,
  axe,
}) => {
  for (const locale of ['en', 'ur']) {
    await open(page, `rows=8&locale=${locale}&states=1`)
    await expect(page.locator('[role="gridcell"][data-state="conflict"]')).not.toHaveCount(0)
    await axe()
    await page.emulateMedia({ colorScheme: 'dark' })
  }
})
