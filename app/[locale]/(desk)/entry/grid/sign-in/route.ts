import { signIn } from '@/features/accounts/actions'
import { readForm } from '@/lib/upload'

const largestForm = 16 * 1024

/** Signs in without leaving the page: 204, or 200 with what is wrong. */
export async function POST(request: Request): Promise<Response> {
  const form = await readForm(request, largestForm)
  if (!form) return new Response(null, { status: 413 })
  try {
    const { problems } = await signIn({ problems: [], values: {} }, form)
    return Response.json({ problems: problems.map(({ text }) => text) })
  } catch (error) {
    // The action of the form leads on by a redirect, which is where this page stays.
    const digest = error instanceof Error && 'digest' in error ? String(error.digest) : ''
    if (digest.startsWith('NEXT_REDIRECT')) return new Response(null, { status: 204 })
    throw error
  }
}
