/** What a value line says: the labels of its ticks, and its text alternative. */
import type { NumberFormat } from '@octoscale/fp8-core'
import type { RoundingDescription } from './describe-rounding.ts'
import type { LineView, ViewKind } from './line-view.ts'
import { labelText } from './number-text.ts'
import type { ScaleKind } from './scale.ts'

export interface ValueLabel {
  readonly value: number
  readonly text: string
}

/** Values whose labels are wanted, the most wanted first: the rounded one, then its neighbours outward, or landmarks. */
export function labelWishes(
  kind: ViewKind,
  view: LineView,
  format: NumberFormat,
  rounded: number | undefined,
): ValueLabel[] {
  const { ticks } = view
  const [first, last] = [ticks[0]!, ticks.at(-1)!]
  const centre = Number.isFinite(rounded) ? [rounded!] : []
  const distance = (value: number): number => Math.abs(value - (centre[0] ?? ticks[ticks.length >> 1]!))
  const wanted =
    kind === 'near'
      ? Array.from(ticks).sort((a, b) => distance(a) - distance(b))
      : [first, last, 0, 1, -1, format.minNormal, -format.minNormal].filter((v) => v >= first && v <= last)
  return [...new Set([...centre, ...wanted])].map((value) => ({ value, text: labelText(value) }))
}

/** The text alternative of a line's drawing. */
export function lineText(
  { format, number, rounded }: RoundingDescription,
  scale: ScaleKind,
  kind: ViewKind,
  { ticks }: LineView,
): string {
  const what = kind === 'whole' ? `all ${ticks.length} finite numbers` : `${ticks.length} numbers`
  const range = `from ${labelText(ticks[0]!)} to ${labelText(ticks.at(-1)!)}`
  const became = rounded === undefined ? 'nothing' : labelText(rounded.value)
  return `Number line of ${format.name}, ${scale}: ${what} ${range}. ${labelText(number)} becomes ${became}.`
}
