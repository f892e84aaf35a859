/**
 * What the page shows, as parameters behind the `?` of the location's hash: `#/formats?x=0.3&rounding=up`. The part before
 * the `?` is the surrounding app's, and parameters with other names are left as they are.
 */
import type { Overflow, Rounding } from '@octoscale/fp8-core'
import { type FormatGroup, groups } from './format-groups.ts'
import type { ViewKind } from './line-view.ts'
import { longestText } from './parse-number.ts'
import { offeredRoundings } from './rounding-words.ts'
import type { ScaleKind } from './scale.ts'

export interface LaboratoryState {
  /** What is typed; it need not be a number yet. */
  readonly text: string
  /** `undefined`: as the format does it. */
  readonly rounding: Rounding | undefined
  readonly overflow: Overflow | undefined
  readonly scale: ScaleKind
  readonly view: ViewKind
  /** The formats that have cards; `undefined`: all. */
  readonly formats: FormatGroup | undefined
  /** What is typed as the name of a format of IEEE P3109. */
  readonly p3109: string
}

export type Setting = 'rounding' | 'overflow' | 'scale' | 'view' | 'formats'

/** The choices of each setting; the first is what the page shows without parameters. */
export const choices: { readonly [Name in Setting]: readonly LaboratoryState[Name][] } = {
  rounding: [undefined, ...offeredRoundings],
  overflow: [undefined, 'saturate', 'format'],
  scale: ['linear', 'logarithmic'],
  view: ['near', 'whole'],
  formats: [undefined, ...groups],
}

/** What the page shows when the address does not say. */
export const startText = '0.3'
const startP3109 = 'p3109_k8p4se'

/** Longer than any name. */
const longestName = 40

/** The state that a hash names. Whatever is missing, unknown or too long is as at the start. */
export function readState(hash: string): LaboratoryState {
  const { parameters } = split(hash)
  const chosen = <Choice>(name: string, known: readonly Choice[]): Choice =>
    known.find((choice) => choice === parameters.get(name)) ?? known[0]!
  const text = parameters.get('x') ?? startText
  const p3109 = parameters.get('p3109') ?? startP3109
  return {
    text: text.length <= longestText ? text : startText,
    rounding: chosen('rounding', choices.rounding),
    overflow: chosen('overflow', choices.overflow),
    scale: chosen('scale', choices.scale),
    view: chosen('view', choices.view),
    formats: chosen('formats', choices.formats),
    p3109: p3109.length <= longestName ? p3109 : startP3109,
  }
}

/** The hash that names a state, from the present hash: path and foreign parameters stay. */
export function writeState(hash: string, state: LaboratoryState): string {
  const { path, parameters } = split(hash)
  parameters.set('x', state.text)
  for (const name of Object.keys(choices) as Setting[]) {
    const value = state[name]
    if (value === undefined || value === choices[name][0]) parameters.delete(name)
    else parameters.set(name, value)
  }
  if (state.p3109 === startP3109) parameters.delete('p3109')
  else parameters.set('p3109', state.p3109)
  return `#${path}?${parameters}`
}

/** The part of a hash before its `?`, which says which page of the app is shown. */
export function pathOf(hash: string): string {
  return split(hash).path
}

function split(hash: string): { path: string; parameters: URLSearchParams } {
  const [path = '', ...rest] = hash.replace(/^#/, '').split('?')
  return { path, parameters: new URLSearchParams(rest.join('?')) }
}
