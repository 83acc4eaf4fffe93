import type { Period } from '@/features/periods/rules'

/** Which academies a list holds; what is left out narrows nothing. */
export interface AcademyFilter {
  /** The code of a programme; those under it count too. */
  programme?: string
  /** The code of an area; those in it count too. */
  area?: string
  /** Words to be found in name (either language), code, city or host. */
  search?: string
  /** A reference period on a day of which the academy was open. */
  openIn?: Pick<Period, 'start' | 'end'>
  /** False: only those without a last day. */
  includeClosed?: boolean
}
