import { inspect } from 'node:util'
import { afterAll, afterEach, expect } from 'vitest'

// A warning nobody expected is a fault nobody noticed. A test that expects one says so with
// `vi.spyOn(console, 'error').mockImplementation(() => {})` and looks at what was said.
const said: string[] = []

for (const level of ['error', 'warn'] as const) {
  console[level] = (...parts: unknown[]) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : inspect(part)))
    said.push(`console.${level}: ${text.join(' ')}`)
  }
}

const expectSilence = () => expect(said.splice(0), 'unexpected output').toEqual([])

afterEach(expectSilence)
afterAll(expectSilence)
