import type { Context } from '../types.ts'
import { anyWord, plainWord, properNoun, randomLetters } from './strings.ts'

/** Generators of argument and output values; each returns the text as a user would type it. */
export type Value = (context: Context) => string

const pad = (value: number): string => String(value).padStart(2, '0')

export const city: Value = (c) =>
  c.random.chance(0.06)
    ? `${properNoun(c, c.pools.cities)} ${properNoun(c, c.pools.cities)}`
    : properNoun(c, c.pools.cities)
export const country: Value = (c) => properNoun(c, c.pools.countries)
export const firstName: Value = (c) => properNoun(c, c.pools.firstNames)
export const fullName: Value = (c) => `${firstName(c)} ${properNoun(c, c.pools.lastNames)}`
export const person: Value = (c) => (c.random.chance(0.5) ? firstName(c) : fullName(c))
export const noun: Value = (c) => plainWord(c, c.pools.nouns)
export const topic: Value = (c) => plainWord(c, c.pools.topics)
export const product: Value = (c) => plainWord(c, c.pools.products)
export const language: Value = (c) => c.random.pick(c.pools.languages)
export const adjective: Value = (c) => plainWord(c, c.pools.adjectives)

/** Two to four lower-case words. */
export const phrase: Value = (c) => {
  const count = c.random.int(2, 4)
  const words = Array.from({ length: count - 1 }, () =>
    plainWord(c, c.random.chance(0.5) ? c.pools.adjectives : c.pools.nouns),
  )
  return [...words, plainWord(c, c.random.chance(0.5) ? c.pools.nouns : c.pools.topics)].join(' ')
}
export const query: Value = (c) => {
  const roll = c.random.next()
  if (roll < 0.3) return topic(c)
  if (roll < 0.45) return `${topic(c)} for ${noun(c)}`
  if (roll < 0.6) return `${topic(c)} in ${city(c)}`
  if (roll < 0.7) return `${noun(c)} ${c.random.int(1, 9999)}`
  if (roll < 0.8) return person(c)
  return phrase(c)
}
export const title: Value = (c) => {
  const count = c.random.int(1, 4)
  return Array.from({ length: count }, () => {
    const word = plainWord(c, c.random.chance(0.4) ? c.pools.adjectives : c.pools.nouns)
    return (word[0] as string).toUpperCase() + word.slice(1)
  }).join(' ')
}
export const email: Value = (c) => {
  const local =
    firstName(c).toLowerCase() +
    (c.random.chance(0.3)
      ? `.${noun(c).toLowerCase()}`
      : c.random.chance(0.3)
        ? String(c.random.int(1, 99))
        : '')
  return `${local}@${plainWord(c, c.pools.nouns).toLowerCase()}.${c.random.pick(['com', 'org', 'net', 'io', 'de', 'eu'])}`
}
export const fileName: Value = (c) => {
  const base = c.random.chance(0.3)
    ? `${noun(c)}${c.random.pick(['_', '-'])}${c.random.chance(0.4) ? c.random.int(1, 2030) : noun(c)}`
    : anyWord(c)
  return `${base}.${c.random.pick(c.pools.extensions)}`
}
export const folder: Value = (c) => {
  const part = (): string =>
    c.random.chance(0.5) ? c.random.pick(c.pools.folders) : plainWord(c, c.pools.nouns)
  const path = Array.from({ length: c.random.int(1, 2) }, part).join('/')
  return c.random.chance(0.2) ? `/${path}` : c.random.chance(0.12) ? `./${path}` : path
}
export const path: Value = (c) => (c.random.chance(0.35) ? fileName(c) : `${folder(c)}/${fileName(c)}`)
export const time: Value = (c) =>
  c.random.chance(0.75)
    ? `${pad(c.random.int(0, 23))}:${pad(c.random.int(0, 59))}`
    : `${c.random.int(1, 12)} ${c.random.pick(['am', 'pm'])}`
export const date: Value = (c) =>
  `${c.random.int(1980, 2039)}-${pad(c.random.int(1, 12))}-${pad(c.random.int(1, 28))}`
const day: Value = (c) =>
  c.random.pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
export const smallInteger: Value = (c) => String(c.random.int(1, 60))
export const integer: Value = (c) => String(c.random.int(1, 10 ** c.random.int(1, 4)))
export const decimal: Value = (c) => {
  const whole = c.random.int(0, 10 ** c.random.int(1, 3))
  return c.random.chance(0.5) ? String(whole || 3) : `${whole}.${c.random.int(1, 9)}`
}
export const code: Value = (c) => {
  const roll = c.random.next()
  if (roll < 0.4) return `${letters(c, 2, 4)}${c.random.pick(['-', ''])}${c.random.int(10, 99999)}`
  if (roll < 0.7) return String(c.random.int(1000, 999999))
  return randomLetters(c, 4, 9)
}
export const ticker: Value = (c) => letters(c, 2, 5)
export const expression: Value = (c) => {
  const { random } = c
  const number = (): string => {
    const value = random.int(1, 10 ** random.int(1, 4))
    return random.chance(0.12) ? `${value}.${random.int(1, 9)}` : String(value)
  }
  const gap = random.chance(0.75) ? ' ' : ''
  const operator = (): string => random.pick(['+', '-', '*', '*', '/'])
  const roll = random.next()
  if (roll < 0.62) return `${number()}${gap}${operator()}${gap}${number()}`
  if (roll < 0.74)
    return `${number()}${gap}${operator()}${gap}${number()}${gap}${operator()}${gap}${number()}`
  if (roll < 0.86)
    return `(${number()}${gap}${operator()}${gap}${number()})${gap}${operator()}${gap}${number()}`
  if (roll < 0.93) return `sqrt(${number()})`
  return `${number()}${gap}%${gap}${number()}`
}
export const javascript: Value = (c) => {
  const { random } = c
  const number = (): number => random.int(1, 999)
  const word = plainWord(c, c.pools.nouns)
  return random.pick([
    `${number()} + ${number()}`,
    `Math.sqrt(${number()})`,
    `Math.max(${number()}, ${number()})`,
    `2 ** ${random.int(2, 40)}`,
    `[${number()}, ${number()}, ${number()}].length`,
    `'${word}'.toUpperCase()`,
    `'${word}'.length`,
    `console.log(${number()})`,
    `new Date().getFullYear()`,
    `${number()} % ${random.int(2, 20)}`,
    `Math.round(${number()} / ${random.int(2, 20)})`,
  ])
}
export const url: Value = (c) =>
  `https://${plainWord(c, c.pools.nouns).toLowerCase()}.${c.random.pick(['com', 'org', 'net', 'io'])}${c.random.chance(0.5) ? `/${plainWord(c, c.pools.nouns)}` : ''}`
export const message: Value = (c) =>
  c.random.pick([
    () => `I will be ${c.random.int(5, 50)} minutes late`,
    () => `Meet me in ${city(c)} at ${time(c)}`,
    () => `Please bring the ${noun(c)}`,
    () => `The ${noun(c)} is ${adjective(c)}`,
    () => `Happy birthday ${firstName(c)}`,
    () => phrase(c),
    () => `Call ${firstName(c)} on ${day(c)}`,
  ])()
export const task: Value = (c) =>
  c.random.pick([
    () => `buy ${product(c)}`,
    () => `call ${firstName(c)}`,
    () => `water the ${noun(c)}`,
    () => `clean the ${noun(c)}`,
    () => `pay invoice ${c.random.int(10, 9999)}`,
    () => `pack ${product(c)} and ${product(c)}`,
    () => `email ${firstName(c)}`,
    () => `${phrase(c)}`,
  ])()

function letters(c: Context, low: number, high: number): string {
  const count = c.random.int(low, high)
  return Array.from({ length: count }, () => String.fromCharCode(65 + c.random.int(0, 25))).join('')
}
