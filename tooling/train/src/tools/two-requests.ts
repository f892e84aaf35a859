import { lowerFirst } from '../casual.ts'
import type { Context } from '../types.ts'
import { fill, type Offered, type Request, request } from './offer.ts'

export interface RequestPair {
  readonly text: string
  readonly requests: readonly [Request, Request]
}

const ending = /[.?]$/

/** "What is the weather in Rome and Oslo?": one sentence, the same tool twice. */
function oneSentence(context: Context, offered: Offered): RequestPair | undefined {
  const { kind } = offered
  if (kind.parameters.length !== 1 || kind.id === 'run-javascript') return undefined
  const ask = context.random.pick(kind.asks)
  if (ask.set || !/\{0\}[.?]?$|in \{0\}|of \{0\}/.test(ask.text) || ask.text.startsWith('{0}'))
    return undefined
  const first = request(context, offered)
  const second = request(context, offered)
  const [a, b] = [first.values[0] as string, second.values[0] as string]
  if (a === b || /\band\b/.test(a + b)) return undefined
  return { text: fill(ask.text, [`${a} and ${b}`]), requests: [first, second] }
}

export function twoRequests(context: Context, offered: readonly Offered[]): RequestPair {
  const { random } = context
  const same = random.chance(0.45)
  const [one, other] = random.sample(offered, 2) as [Offered, Offered]
  if (same && random.chance(0.7)) {
    const pair = oneSentence(context, one)
    if (pair) return pair
  }
  const first = request(context, one)
  let second = request(context, same ? one : other)
  while (second.call.arguments === first.call.arguments) second = request(context, same ? one : other)
  // Free text at the end of a sentence would swallow the joining word.
  const separable = ending.test(first.text) && !first.text.includes(': ')
  const join = random.pick([
    () =>
      separable
        ? `${first.text.replace(ending, '')} and ${lowerFirst(second.text)}`
        : `${first.text}\n${second.text}`,
    () => (separable ? `${first.text} ${second.text}` : `${first.text}\n${second.text}`),
    () =>
      separable ? `${first.text} Also, ${lowerFirst(second.text)}` : `1. ${first.text}\n2. ${second.text}`,
    () => (separable ? `${first.text} And ${lowerFirst(second.text)}` : `${first.text}\n${second.text}`),
    () =>
      separable
        ? `First, ${lowerFirst(first.text)} Then, ${lowerFirst(second.text)}`
        : `${first.text}\nThen: ${second.text}`,
  ])
  return { text: join(), requests: [first, second] }
}
