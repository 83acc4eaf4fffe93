/** Covers everything public, in every feature. Start-up and releases expire it. */
export const publicTag = 'public'
