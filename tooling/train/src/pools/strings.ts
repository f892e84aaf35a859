import type { Context } from '../types.ts'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'

function letters(context: Context, alphabet: string, count: number): string {
  let out = ''
  for (let i = 0; i < count; i++) out += alphabet[context.random.int(0, alphabet.length - 1)]
  return out
}

/** Uniform letters: makes every rare tokenizer piece occur somewhere as something to copy. */
export function randomLetters(context: Context, low = 3, high = 9): string {
  const { random } = context
  const count = random.int(low, high)
  const style = random.int(0, 4)
  if (style === 0) return letters(context, LOWER + UPPER, count)
  if (style === 1) return letters(context, LOWER + UPPER + DIGITS, count)
  if (style === 2) return letters(context, UPPER, 1) + letters(context, LOWER, count - 1)
  if (style === 3) return letters(context, UPPER, count)
  return letters(context, LOWER, count)
}

export function pronounceable(context: Context, capital = false): string {
  const { random, pools } = context
  let word = ''
  const count = random.int(2, 4)
  for (let i = 0; i < count; i++) word += random.pick(pools.syllables)
  return capital ? word[0]?.toUpperCase() + word.slice(1) : word
}

/** Pieces of real words glued together: reaches the multi-letter pieces that uniform letters rarely form. */
export function gluedWord(context: Context, capital = false): string {
  const { random, pools } = context
  const piece = (): string => {
    const source = random
      .pick(
        random.pick([
          pools.nouns,
          pools.cities,
          pools.firstNames,
          pools.lastNames,
          pools.topics,
          pools.adjectives,
        ]),
      )
      .toLowerCase()
    const start = random.int(0, Math.max(0, source.length - 3))
    return source.slice(start, start + random.int(2, 5))
  }
  const word = piece() + piece()
  return capital ? word[0]?.toUpperCase() + word.slice(1) : word
}

/** One word to copy, real or invented. */
export function anyWord(context: Context, capital = false): string {
  const { random, pools } = context
  const roll = random.next()
  if (roll < 0.2) return pronounceable(context, capital)
  if (roll < 0.4) return gluedWord(context, capital)
  if (roll < 0.55) return randomLetters(context)
  if (capital) return random.pick(random.pick([pools.cities, pools.firstNames, pools.lastNames]))
  return random.pick(random.pick([pools.nouns, pools.adjectives, pools.topics]))
}

/** Mostly `real` items, sometimes an invented capitalised one, so that the model copies and does not recall. */
export function properNoun(context: Context, real: readonly string[]): string {
  const { random } = context
  const roll = random.next()
  if (roll < 0.55) return random.pick(real)
  if (roll < 0.75) return pronounceable(context, true)
  if (roll < 0.92) return gluedWord(context, true)
  return randomLetters(context, 3, 8)
}

export function plainWord(context: Context, real: readonly string[]): string {
  const { random } = context
  const roll = random.next()
  if (roll < 0.6) return random.pick(real)
  if (roll < 0.8) return pronounceable(context)
  if (roll < 0.95) return gluedWord(context)
  return randomLetters(context, 3, 8)
}
