import { anyWord, gluedWord, pronounceable, randomLetters } from '../pools/strings.ts'
import * as values from '../pools/values.ts'
import type { Context, Conversation, Message } from '../types.ts'

const kinds: readonly values.Value[] = [
  values.city,
  values.fullName,
  values.firstName,
  values.noun,
  values.topic,
  values.path,
  values.email,
  values.integer,
  values.decimal,
  values.code,
  values.date,
  values.time,
  values.title,
  values.url,
  values.fileName,
  values.folder,
  values.expression,
  values.adjective,
]

/** Words of every sort in a row; the more distinct the material, the sooner copying is learnt. */
function words(context: Context, count: number): string[] {
  const { random } = context
  const style = random.int(0, 5)
  return Array.from({ length: count }, () => {
    if (style === 0) return randomLetters(context)
    if (style === 1) return random.pick([pronounceable, gluedWord])(context)
    if (style === 2) return String(random.int(0, 10 ** random.int(1, 6)))
    if (style === 3) return random.pick(kinds)(context)
    return anyWord(context, random.chance(0.3))
  })
}

const requests: readonly (readonly [string, (text: string) => string])[] = [
  ['Repeat: {x}', (x) => x],
  ['Copy this: {x}', (x) => x],
  ['Say {x}', (x) => x],
  ['Repeat after me: {x}', (x) => x],
  ['Write {x}', (x) => x],
  ['Echo {x}', (x) => x],
  ['Quote this: {x}', (x) => `"${x}"`],
  ['Put this in JSON: {x}', (x) => JSON.stringify({ text: x }).replace('":"', '": "')],
]

function turn(context: Context, text: string): Message[] {
  const [ask, answer] = context.random.pick(requests)
  return [
    { role: 'user', content: ask.replace('{x}', () => text) },
    { role: 'assistant', content: answer(text) },
  ]
}

export function denseCopy(context: Context): Conversation[] {
  const text = words(context, context.random.int(5, 22)).join(' ')
  return [{ thinking: false, messages: turn(context, text), expect: { kind: 'exact' } }]
}

/** Picking one of several values by its label: the step from copying to filling arguments. */
function pickTurn(context: Context): Message[] {
  const { random } = context
  const labels = random.sample(
    ['name', 'city', 'path', 'color', 'code', 'title', 'word', 'time', 'user', 'key'],
    random.int(2, 5),
  )
  const items = labels.map((label) => [label, random.pick(kinds)(context)] as const)
  const [label, value] = random.pick(items)
  const list = items.map(([key, item]) => `${key}: ${item}`).join(random.pick(['; ', '\n', ', ']))
  return [
    { role: 'user', content: `${list}\nWhat is the ${label}?` },
    { role: 'assistant', content: value },
  ]
}

export function copy(context: Context): Conversation[] {
  const { random, evaluation } = context
  const messages: Message[] = []
  const turns = evaluation ? 1 : random.int(2, 5)
  for (let i = 0; i < turns; i++) {
    if (random.chance(0.4)) messages.push(...pickTurn(context))
    else
      messages.push(
        ...turn(
          context,
          random.chance(0.5) ? words(context, random.int(1, 6)).join(' ') : random.pick(kinds)(context),
        ),
      )
  }
  return [{ thinking: false, messages, expect: { kind: 'exact' } }]
}
