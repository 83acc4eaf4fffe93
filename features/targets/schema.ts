/** The last change of a target's value by a revision of its own. */
export interface TargetChange {
  /** The number of the target. */
  observation: number
  /** The value before, as typed. */
  before: string
  /** The day (ISO) on which the present value became known. */
  on: string
}
