/** A way to read the figures, as code that works when it is copied. */
export interface Example {
  name: 'curl' | 'javascript' | 'python' | 'r' | 'excel' | 'sheets'
  /** The address that it reads first. */
  address: string
  code: string
}

/** The columns that every example gives. */
export const exampleColumns = ['period', 'value', 'unit'] as const

/** The same figures in the ways in which people take them. */
export function examples(origin: string): Example[] {
  const json = `${origin}/api/v1/observations?indicator=ICT_EXPORTS&fields=${exampleColumns.join(',')}`
  const csv = `${origin}/download/figures.csv?indicator=ICT_EXPORTS`
  return [
    { name: 'curl', address: json, code: `curl --fail '${json}&sort=-period_end&limit=5'` },
    { name: 'javascript', address: json, code: javascript(json) },
    { name: 'python', address: json, code: python(json) },
    { name: 'r', address: csv, code: r(csv) },
    { name: 'excel', address: csv, code: powerQuery(csv) },
    { name: 'sheets', address: csv, code: sheets(csv) },
  ]
}

const javascript = (address: string) => `async function everyRow(address) {
  const rows = []
  for (let next = address; next; ) {
    const answer = await fetch(next)
    const page = await answer.json()
    if (!answer.ok) throw new Error(page.detail)
    rows.push(...page.observations)
    next = page.next
  }
  return rows
}

for (const { period, value, unit } of await everyRow('${address}')) {
  console.log(period, value, unit)
}`

const python = (address: string) => `import json
from urllib.request import urlopen


def every_row(address):
    while address:
        with urlopen(address) as answer:
            page = json.load(answer)
        yield from page["observations"]
        address = page["next"]


for row in every_row("${address}"):
    print(row["period"], row["value"], row["unit"])`

const r = (address: string) => `figures <- read.csv("${address}", colClasses = "character")
figures[, c("period", "value", "unit")]`

const powerQuery = (address: string) => `let
  File = Web.Contents("${address}"),
  Rows = Csv.Document(File, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
  Headed = Table.PromoteHeaders(Rows, [PromoteAllScalars = true])
in
  Table.SelectColumns(Headed, {"period", "value", "unit"})`

/** Google Sheets knows columns by their number: those of the period, the value and the unit. */
const sheets = (address: string) =>
  `=QUERY(IMPORTDATA("${address}"), "select Col9, Col13, Col8", 1)`

/** A dry run of one figure, for an officer's program. */
export const writingExample = (
  origin: string,
) => `curl '${origin}/api/v1/observations?dryRun=true' \\
  --header "Authorization: Bearer $SHUMAR_TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data '{
    "message": "Places in May",
    "observations": [{
      "indicator": "TRAINING_SLOTS", "programme": "PSEB", "area": "PK", "period": "2024-05",
      "value": "120", "publisher": "PSEB", "source_date": "2024-05-31"
    }]
  }'`
