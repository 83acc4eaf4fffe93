import { answerFile } from '@/features/files/data'

/** `/download/figures.csv?indicator=ICT_EXPORTS&asOf=2023-08-01`, the same as .xlsx and so on. */
async function answer(
  request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  return answerFile(request, (await params).file)
}

export const GET = answer
export const HEAD = answer
