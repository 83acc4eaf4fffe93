import { answerAuthRequest } from '@/features/accounts/data'

export async function GET(request: Request): Promise<Response> {
  return answerAuthRequest(request)
}

export async function POST(request: Request): Promise<Response> {
  return answerAuthRequest(request)
}
