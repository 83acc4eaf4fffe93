import type { Transaction } from '@/lib/db/client'
import { searchWords } from '@/lib/search-text'
import type { FoundWord } from './schema'

/** SQL that folds letters as `searchable` in lib/search-text.ts does. */
export const folded = (text: string) => `translate(regexp_replace(lower(normalize(${text}, NFKD)),
    '[\\u0300-\\u036f\\u064b-\\u065f\\u0670]', '', 'g'), '\u064a\u0649\u0643\u0629', '\u06cc\u06cc\u06a9\u06c1')`

/** SQL for the codes that hold a word, or of which any name does. */
export const named = (subject: 'indicator' | 'programme' | 'area', word: string) => `
      SELECT code FROM ${subject}s WHERE strpos(${folded('code')}, ${word}) > 0
      UNION ALL SELECT ${subject}_code FROM ${subject}_versions
      WHERE strpos(${folded("concat_ws(' ', name->>'en', name->>'ur')")}, ${word}) > 0`

/**
 * In what each word of a search stands. Names, publishers and titles are read once, and not with each
 * figure: they are few, and stay few when figures become many.
 */
export async function findWords(database: Transaction, search: string): Promise<FoundWord[]> {
  const words = searchWords(search)
  if (words.length === 0) return []
  return database.$queryRawUnsafe<FoundWord[]>(
    `WITH told AS MATERIALIZED (
      SELECT id, publisher, ${folded('publisher')} AS said, ${folded('title')} AS title FROM sources
    )
    SELECT ARRAY(${named('indicator', 'word')}) AS indicators,
      ARRAY(${named('programme', 'word')}) AS programmes,
      ARRAY(${named('area', 'word')}) AS areas,
      ARRAY(SELECT DISTINCT publisher FROM told WHERE strpos(said, word) > 0) AS publishers,
      ARRAY(SELECT id FROM told WHERE strpos(said, word) > 0 OR strpos(title, word) > 0) AS sources,
      ARRAY(SELECT id FROM told WHERE strpos(said, word) = 0 AND strpos(title, word) > 0) AS titled,
      CASE WHEN (SELECT count(*) FROM told WHERE strpos(said, word) > 0 OR strpos(title, word) > 0)
          > (SELECT count(*) FROM told) / 2
        THEN ARRAY(SELECT id FROM told WHERE strpos(said, word) = 0 AND strpos(title, word) = 0)
      END AS without,
      ARRAY(SELECT id FROM revisions WHERE note <> '' AND strpos(${folded('note')}, word) > 0) AS notes
    FROM unnest($1::text[]) WITH ORDINALITY AS words(word, place) ORDER BY place`,
    words,
  )
}
