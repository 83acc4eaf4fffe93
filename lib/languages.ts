// Written by `npm run generate` from the files in messages/: another language is another file.
import en from '@/messages/en.json'
import ur from '@/messages/ur.json'

export const messages = { en, ur } as const
