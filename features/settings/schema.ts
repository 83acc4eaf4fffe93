import { z } from 'zod'

/** What an administrator chooses for the whole site; a setting never stored has its default. */
export const settings = z.object({
  /** Whether proofs name the people who entered and approved a figure, or their roles. */
  attribution: z.enum(['names', 'roles']).default('roles'),
})

export type Settings = z.infer<typeof settings>

/** The licence of the data, on every page and in every file. */
export const dataLicence = {
  id: 'CC-BY-4.0',
  name: 'CC BY 4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
} as const
