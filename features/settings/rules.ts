import type { Actor } from '@/features/accounts/schema'
import type { FourEyes } from './schema'

/** Whether what somebody of this role enters must be approved by another person. */
export function fourEyesHold(setting: FourEyes, role: Actor['role']): boolean {
  if (setting === 'off' || role === 'system') return false
  return setting === 'everyone' || role !== 'admin'
}
