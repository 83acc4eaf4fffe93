import { z } from 'zod'
import { secondStepChoices, secondStepSetting } from '@/features/accounts/schema'

/** Whom another person must approve: everyone, all but administrators, or nobody. */
export const fourEyesChoices = ['everyone', 'editors', 'off'] as const
export type FourEyes = (typeof fourEyesChoices)[number]

export const attributionChoices = ['names', 'roles'] as const

/** After how many days drafts that nobody touches are removed. */
export const draftDaysChoices = ['30', '90', '180', '365', 'never'] as const
export type DraftDays = (typeof draftDaysChoices)[number]

/** What an administrator chooses for the whole site; a setting never stored has its default. */
export const settings = z.object({
  /** Whether proofs name the people who entered and approved a figure, or their roles. */
  attribution: z.enum(attributionChoices).default('roles'),
  fourEyes: z.enum(fourEyesChoices).default('editors'),
  draftDays: z.enum(draftDaysChoices).default('90'),
  secondStep: secondStepSetting,
})

export type Settings = z.infer<typeof settings>

/** A form of all settings; a code that is none of the choices is refused. */
export const settingsInput = z.strictObject({
  attribution: z.enum(attributionChoices),
  fourEyes: z.enum(fourEyesChoices),
  draftDays: z.enum(draftDaysChoices),
  secondStep: z.enum(secondStepChoices),
})

/** The licence of the data, on every page and in every file. */
export const dataLicence = {
  id: 'CC-BY-4.0',
  name: 'CC BY 4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
} as const
