import { signIn } from '@/features/accounts/actions'
import { isHalfWay } from '@/features/accounts/data'
import { askPasskey, finishSignIn, signInByPasskey } from '@/features/second-step/actions'
import { readForm } from '@/lib/upload'

const largestForm = 16 * 1024

/**
 * Signs in without leaving the page, by password and then, where somebody has a second step, by code:
 * 204, or 200 with what is wrong and whether a code is asked for next. Or by a passkey (`purpose`):
 * without a `response`, 200 with what the device is to be asked for.
 */
export async function POST(request: Request): Promise<Response> {
  const form = await readForm(request, largestForm)
  if (!form) return new Response(null, { status: 413 })
  form.set('stay', 'yes')
  const isCode = form.has('code')
  const isPasskey = form.has('purpose')
  if (isPasskey && !form.has('response')) return Response.json({ asked: await askPasskey(form) })
  const untouched = { problems: [], values: {} }
  try {
    const act = isPasskey ? signInByPasskey : isCode ? finishSignIn : signIn
    const answer = await act(untouched, form)
    return Response.json({
      problems: answer.problems.map(({ text }) => text),
      isHalfWay: isCode || isPasskey ? await isHalfWay() : answer.isHalfWay === true,
    })
  } catch (error) {
    // The action of the form leads on by a redirect, which is where this page stays.
    const digest = error instanceof Error && 'digest' in error ? String(error.digest) : ''
    if (digest.startsWith('NEXT_REDIRECT')) return new Response(null, { status: 204 })
    throw error
  }
}
