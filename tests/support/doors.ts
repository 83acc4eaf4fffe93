import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Permission } from '@/features/accounts/schema'

/**
 * Every way by which a request reaches code of ours that may change something or tell more than
 * everybody knows, with who may pass. `found...` reads the doors from the code, so that one without
 * a row fails its test.
 *
 * - `public`: anybody; `own page`: anybody, from a page of this site
 * - `session`: whoever is signed in; a permission: whose role has it
 * - `token`: a program by a token of somebody; `secret`: the process that started this one
 */
export type Rule = 'public' | 'own page' | 'session' | 'token' | 'secret' | Permission

interface Door {
  rule: Rule
  /** Fields that decide which permission is asked for. */
  fields?: Record<string, string>
}

const door = (rule: Rule, fields?: Record<string, string>): Door => ({ rule, fields })

/** By `folder/function`; a word after `#` tells cases of one action apart. */
export const actions: Record<string, Door> = {
  'academies/saveAcademy': door('academies.keep'),
  'academies/changeAcademy': door('academies.keep'),
  'academies/importRegistry': door('academies.keep'),
  'accounts/signIn': door('own page'),
  'accounts/signOut': door('public'),
  'accounts/acceptInvitation': door('own page'),
  'accounts/invite': door('people.manage'),
  'accounts/renewInvitation': door('people.manage'),
  'accounts/setScopes': door('people.manage'),
  'accounts/rename': door('people.manage'),
  'accounts/issueReset': door('people.manage'),
  'accounts/takeSecondStep': door('people.manage'),
  'accounts/resetPassword': door('own page'),
  'accounts/changePassword': door('session'),
  'accounts/endSession': door('figures.propose'),
  'accounts/withdrawInvitation': door('people.manage'),
  'accounts/setActive': door('people.manage'),
  'accounts/setRole': door('people.manage'),
  'catalogue/saveItem': door('catalogue.edit'),
  'checks/saveRule': door('catalogue.edit'),
  'permalinks/keepPermalink': door('own page'),
  'proposals/submitEntry': door('figures.propose'),
  'proposals/submitEntry#draft': door('figures.propose', { intent: 'draft' }),
  'proposals/decide': door('proposals.review'),
  'proposals/decideChosen': door('proposals.review'),
  'proposals/returnScheduled': door('proposals.review'),
  'proposals/withdraw': door('figures.propose'),
  'proposals/discard': door('figures.propose'),
  'releases/saveRelease': door('releases.plan'),
  'releases/cancelRelease': door('releases.plan'),
  'releases/publishRelease': door('releases.plan'),
  'reporting/report': door('figures.propose'),
  'reports/sendReport': door('own page'),
  'reports/answerReport': door('reports.answer'),
  'second-step/finishSignIn': door('own page'),
  'second-step/signInByPasskey': door('own page'),
  'second-step/finishByPasskey': door('own page'),
  'second-step/askPasskey': door('own page', { purpose: 'signIn' }),
  'second-step/askPasskey#secondStep': door('own page', { purpose: 'secondStep' }),
  'second-step/askPasskey#confirm': door('session', { purpose: 'confirm' }),
  'second-step/askPasskey#add': door('session', { purpose: 'add' }),
  'second-step/confirm': door('session'),
  'second-step/confirmByPasskey': door('session'),
  'second-step/addPasskey': door('session'),
  'second-step/changeSecondStep': door('session'),
  'sets/decide': door('proposals.review', { step: 'approve' }),
  'sets/decide#discard': door('figures.propose', { step: 'discard' }),
  'sets/undo': door('figures.propose'),
  'settings/changeSettings': door('settings.edit'),
  'sheets/receiveCells': door('figures.propose'),
  'sheets/keepBlock': door('figures.propose'),
  'sheets/submitDrafts': door('figures.propose'),
  'sheets/resume': door('figures.propose'),
  'sheets/keepOld': door('figures.propose'),
  'sources/keepCopy': door('sources.keep'),
  'sources/correctSource': door('catalogue.edit'),
  'sources/mergeSource': door('catalogue.edit'),
  'sources/changeSourceState': door('catalogue.edit'),
  'tokens/makeToken': door('figures.propose'),
  'tokens/revoke': door('figures.propose'),
  'uploads/stepUpload': door('figures.propose'),
}

/** By method and folder under `app/`. Doors of the API answer other methods with 405. */
export const routes: Record<string, Rule> = {
  'POST [locale]/(desk)/entry/grid/cells': 'figures.propose',
  'POST [locale]/(desk)/entry/grid/sign-in': 'own page',
  'GET [locale]/(desk)/entry/import/[id]/report': 'figures.propose',
  'GET [locale]/(desk)/reporting/file': 'figures.propose',
  'GET [locale]/(desk)/reporting/reminders/file': 'figures.propose',
  'POST [locale]/links': 'own page',
  'GET [locale]/releases.atom': 'public',
  'GET [locale]/revisions.atom': 'public',
  'GET [locale]/sources/[id]/copies/[sha256]': 'public',
  'POST [locale]/sources/[id]/copies': 'sources.keep',
  'GET api/auth/[...all]': 'public',
  'POST api/auth/[...all]': 'public',
  'POST api/imports': 'figures.propose',
  'GET api/v1/academies': 'public',
  'GET api/v1/areas': 'public',
  'GET api/v1/indicators': 'public',
  'GET api/v1/observations': 'public',
  'POST api/v1/observations': 'token',
  'GET api/v1/openapi.json': 'public',
  'GET api/v1/programmes': 'public',
  'GET api/v1/releases': 'public',
  'GET api/v1/revisions': 'public',
  'GET api/v1/sets/[id]': 'token',
  'GET api/v1/sources': 'public',
  'GET catalog.jsonld': 'public',
  'GET download/[file]': 'public',
  'HEAD download/[file]': 'public',
  'GET download/academies.csv': 'public',
  'GET download/audit.csv': 'audit.read',
  'GET download/charts/[...place]': 'public',
  'GET download/social/[...place]': 'public',
  'GET healthz': 'public',
  'POST internal/refresh': 'secret',
  'GET readyz': 'public',
  'GET releases.ics': 'public',
  'GET robots.txt': 'public',
  'GET s/[code]': 'public',
  'GET sitemap.xml': 'public',
  'GET sitemaps/[part]': 'public',
}

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('/generated/'))
}

/** Server actions as `folder/function`, and files that have some where nobody looks for them. */
export function foundActions(): { names: string[]; strays: string[] } {
  const withActions = ['app', 'features', 'components', 'lib']
    .flatMap(filesUnder)
    .filter((path) => /^\s*['"]use server['"]/m.test(read(path)))
  const names: string[] = []
  const strays: string[] = []
  for (const path of withActions) {
    const [, folder] = /^features\/([\w-]+)\/actions\.ts$/.exec(path) ?? []
    const code = read(path)
    // One at the head of a file makes all it exports an action; within a function, that alone.
    const isWhole = /^['"]use server['"]/.test(code)
    const exported = [...code.matchAll(/^export\s+(?!type\b|interface\b)(.*)$/gm)]
    if (!folder || !isWhole) strays.push(path)
    for (const [, rest = ''] of exported) {
      const [, name] = /^async function (\w+)/.exec(rest) ?? []
      if (name && folder) names.push(`${folder}/${name}`)
      else strays.push(`${path}: export ${rest}`)
    }
  }
  return { names: names.sort(), strays }
}

const methods = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS'

/** Methods of routes that do more than refuse, as `METHOD folder`. */
export function foundRoutes(): string[] {
  return filesUnder('app')
    .filter((path) => /\/route\.ts$/.test(path))
    .flatMap((path) => {
      const code = read(path)
      const folder = path.slice('app/'.length, -'/route.ts'.length)
      const single = [
        ...code.matchAll(new RegExp(`^export (?:async )?(?:function|const) (${methods})\\b`, 'gm')),
      ].map(([, method = '']) => method)
      const api = /^export const \{[^}]*\} = (apiRoute|readingRoute)\b([\s\S]*)/m.exec(code)
      const given = api ? [...(api[2] ?? '').matchAll(new RegExp(`\\b(${methods}):`, 'g'))] : []
      const several = api
        ? [...(api[1] === 'readingRoute' ? ['GET'] : []), ...given.map(([, method = '']) => method)]
        : []
      const all = [...single, ...several]
      if (all.length === 0) throw new Error(`${path} exports its methods in a way unknown here.`)
      return all.map((method) => `${method} ${folder}`)
    })
    .sort()
}
