/**
 * The public pages whose address is known beforehand, and the folders that hold a page for each
 * code: the one list behind the sitemap and what is prerendered (scripts/whole-pages.mjs).
 */

/** @type {readonly { path: string, prerendered: boolean, showsFigures: boolean }[]} */
export const fixedPages = [
  { path: '/', prerendered: true, showsFigures: true },
  { path: '/indicators', prerendered: true, showsFigures: true },
  { path: '/programmes', prerendered: true, showsFigures: true },
  { path: '/areas', prerendered: true, showsFigures: true },
  { path: '/academies', prerendered: true, showsFigures: false },
  { path: '/briefing', prerendered: true, showsFigures: true },
  { path: '/data', prerendered: true, showsFigures: true },
  { path: '/compare', prerendered: false, showsFigures: true },
  { path: '/methods', prerendered: true, showsFigures: false },
  { path: '/developers', prerendered: true, showsFigures: false },
  { path: '/about', prerendered: true, showsFigures: false },
  { path: '/releases', prerendered: true, showsFigures: false },
  { path: '/revisions', prerendered: false, showsFigures: true },
  { path: '/sources', prerendered: false, showsFigures: true },
  { path: '/corrections', prerendered: false, showsFigures: false },
]

/** Each code under these is a page, all of them prerendered. */
export const codeFolders = ['/indicators', '/programmes', '/areas']

/** Charts as pages of their own, for frames in pages of others; prerendered too. */
export const embedFolder = '/embed'
