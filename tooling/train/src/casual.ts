import type { Context } from './types.ts'

export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) && !/^I\b/.test(text)
    ? (text[0] as string).toLowerCase() + text.slice(1)
    : text
}

/** People leave out capitals and full stops; the model has to understand them anyway. */
export function casual(context: Context, text: string): string {
  const { random } = context
  let out = text
  if (random.chance(0.1)) out = lowerFirst(out)
  if (random.chance(0.1)) out = out.replace(/[.?]$/, '')
  return out
}
