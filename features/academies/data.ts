import { readCatalogue } from '@/features/catalogue/data'
import { programmesUnder } from '@/features/catalogue/rules'
import type { Academy, Area } from '@/features/catalogue/schema'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { isFound } from '@/lib/search-text'
import { isAcademy, openIn } from './rules'
import type { AcademyFilter } from './schema'

/** Academies of the registry by area and code, with their newest names; never their contacts. */
export async function readAcademies(
  filter: AcademyFilter = {},
  database: Database | Transaction = sharedDatabase(),
): Promise<Academy[]> {
  const catalogue = await readCatalogue(database)
  const programmes = filter.programme && new Set(programmesUnder(catalogue, filter.programme))
  const areas = filter.area && new Set(areasIn(catalogue.areas, filter.area))
  return catalogue.academies
    .filter(isAcademy)
    .filter(
      (academy) =>
        (!programmes || programmes.has(academy.programme)) &&
        (!areas || areas.has(academy.area)) &&
        (filter.includeClosed !== false || academy.closedOn === null) &&
        (!filter.openIn || openIn(academy, filter.openIn)) &&
        isFound(filter.search ?? '', searchedTexts(academy)),
    )
    .sort((one, other) => byText(one.area, other.area) || byText(one.code, other.code))
}

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

const searchedTexts = ({ code, name, city, host }: Academy) => [
  name.en,
  name.ur ?? '',
  code,
  city,
  host,
]

function areasIn(areas: readonly Area[], code: string): string[] {
  const parts = areas.filter(({ parent }) => parent === code)
  return [code, ...parts.flatMap((part) => areasIn(areas, part.code))]
}
