import base from './playwright.config'
export default { ...base, globalSetup: undefined, projects: [{ name: 'x' }], outputDir: '/tmp/lead-pw', workers: 2, use: { ...base.use, baseURL: 'http://localhost:4100' } }
