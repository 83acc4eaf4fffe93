import { z } from 'zod'

/** What an administrator chooses for the whole site; a setting never stored has its default. */
export const settings = z.object({
  /** Whether proofs name the people who entered and approved a figure, or their roles. */
  attribution: z.enum(['names', 'roles']).default('roles'),
})

/** What the figures and texts are given away under: SPDX identifier, short name, address. */
export const dataLicence = {
  id: 'CC-BY-4.0',
  name: 'CC BY 4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
} as const

export type Settings = z.infer<typeof settings>
