import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../..')

/** Set this to choose the browser yourself; `npm` takes the one from the npm package. */
const variable = 'SHUMAR_TEST_CHROMIUM'

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']
const macApplications = ['Google Chrome', 'Chromium'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
)

export interface Chromium {
  executablePath: string
  /** The whole environment to start it with. */
  env: Record<string, string>
}

const execute = promisify(execFile)

/** Asks for the version: some machines have a `chromium` that only says how to install one. */
async function runs(path: string): Promise<boolean> {
  if (!existsSync(path)) return false
  return execute(path, ['--version'], { timeout: 20_000 }).then(
    ({ stdout }) => /chrom/i.test(stdout),
    () => false,
  )
}

async function onThisMachine(): Promise<string | undefined> {
  const folders = new Set([...(process.env.PATH ?? '').split(delimiter), '/usr/bin'])
  const commands = names.flatMap((name) => [...folders].map((folder) => join(folder, name)))
  for (const path of [...commands, ...macApplications]) if (await runs(path)) return path
  return undefined
}

function environment(more: Record<string, string> = {}): Chromium['env'] {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(own), ...more }
}

/** Only the unpacked fonts and the machine's: the package's own file names fixed folders in /tmp. */
const fontSettings = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`

/**
 * Unpacks the browser that npm brought, with the libraries it needs (NSS, NSPR, expat: they are
 * often missing on a server). The package unpacks into the temporary folder under a fixed name and
 * trusts what it finds there, so it gets a new folder of its own, which is moved into place whole.
 */
async function unpack(target: string): Promise<void> {
  await mkdir(resolve(target, '..'), { recursive: true })
  const folder = await mkdtemp(`${target}-`)
  try {
    await execute(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()",
      ],
      {
        cwd: root,
        // As on Amazon's machines: that is what makes the package unpack its libraries too.
        env: {
          ...process.env,
          TMPDIR: folder,
          AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
        },
        timeout: 120_000,
      },
    )
    await writeFile(join(folder, 'fonts', 'fonts.conf'), fontSettings(target))
    await rename(folder, target)
  } catch (error) {
    // Somebody else may have moved theirs into place first; it is as good as ours.
    await rm(folder, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
}

async function fromNpm(): Promise<Chromium> {
  const manifest = resolve(
    createRequire(import.meta.url).resolve('@sparticuz/chromium'),
    '../../../package.json',
  )
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const folder = join(root, 'node_modules', '.cache', `chromium-${version}`)
  if (!existsSync(folder)) await unpack(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: environment({
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH]
        .filter(Boolean)
        .join(delimiter),
      FONTCONFIG_FILE: join(folder, 'fonts', 'fonts.conf'),
    }),
  }
}

/** Whether npm brought a browser that runs on this machine. */
export const hasChromiumFromNpm = process.platform === 'linux' && process.arch === 'x64'

/** The very browser that npm brought, which paints alike on every machine. */
export const chromiumFromNpm = fromNpm

/**
 * The Chromium that the browser tests use: the one named by `SHUMAR_TEST_CHROMIUM`, else one found
 * on the machine, else the one from npm (Linux on x64).
 *
 * @throws when there is none; the tests are never skipped for want of a browser.
 */
export async function findChromium(): Promise<Chromium> {
  const chosen = process.env[variable]
  if (chosen && chosen !== 'npm') {
    if (await runs(chosen)) return { executablePath: chosen, env: environment() }
    throw new Error(`${variable} names ${chosen}, which is not there or cannot be run.`)
  }
  const found = chosen === 'npm' ? undefined : await onThisMachine()
  if (found) return { executablePath: found, env: environment() }
  if (hasChromiumFromNpm) return fromNpm()
  throw new Error(
    `No browser for the tests: install Chromium or Chrome, or set ${variable} to the path of one.`,
  )
}
