export type UserRole = 'editor' | 'reviewer' | 'admin'

export type Permission =
  | 'figures.propose'
  | 'figures.publish'
  | 'proposals.review'
  | 'catalogue.edit'
  | 'people.manage'

declare const brand: unique symbol

/**
 * Somebody who was checked. Only `features/accounts/data.ts` makes one, so that a mutation called
 * without a check does not compile.
 */
export interface Actor {
  readonly [brand]: true
  readonly userId: string
  readonly name: string
  readonly role: UserRole | 'system'
}
