export const ensureStatic = 'navigation'

export default function OverviewPage() {
  return <h1>Shumar</h1>
}
