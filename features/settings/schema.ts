import { z } from 'zod'

/** Whom another person must approve: everyone, all but administrators, or nobody. */
export const fourEyesChoices = ['everyone', 'editors', 'off'] as const
export type FourEyes = (typeof fourEyesChoices)[number]

export const attributionChoices = ['names', 'roles'] as const

/** What an administrator chooses for the whole site; a setting never stored has its default. */
export const settings = z.object({
  /** Whether proofs name the people who entered and approved a figure, or their roles. */
  attribution: z.enum(attributionChoices).default('roles'),
  fourEyes: z.enum(fourEyesChoices).default('editors'),
})

export type Settings = z.infer<typeof settings>

/** A form of all settings; a code that is none of the choices is refused. */
export const settingsInput = z.strictObject({
  attribution: z.enum(attributionChoices),
  fourEyes: z.enum(fourEyesChoices),
})

/** The licence of the data, on every page and in every file. */
export const dataLicence = {
  id: 'CC-BY-4.0',
  name: 'CC BY 4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
} as const
