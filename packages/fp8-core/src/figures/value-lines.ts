/** The picture of where each format has its values. */
import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { powerText, valueText } from './numbers.ts'
import { countFinite, positiveValues } from './positive-values.ts'
import { at, colours, svgDocument, text, ticks } from './svg.ts'

/** The axis: powers of two from the smallest of f16 to beyond its largest. E8M0 and bf16 go on at both sides. */
const [least, most] = [-25, 18]
const [left, right, top, rowHeight] = [196, 862, 92, 36]
const tickHeight = 14

const place = (value: number): number => left + ((Math.log2(value) - least) / (most - least)) * (right - left)

/** With more values than these, single marks run into each other: a bar is drawn. */
const mostMarks = 256

export function valueLines(): string {
  const rows = Object.values(formats)
  const bottom = top + rows.length * rowHeight
  return svgDocument({
    width: 880,
    height: bottom + 30,
    title: 'Where each number format has its values',
    description:
      'One line for each format on a logarithmic axis, a mark for each positive value, subnormal ones in another ' +
      `colour. ${rows.map((info) => `${info.name}: ${range(info)}.`).join(' ')}`,
    content: [
      text(20, 30, 'Positive values of each format', 'font-size="17" font-weight="600"'),
      ...legend(),
      ...axis(bottom),
      ...rows.flatMap((info, index) => line(info, top + index * rowHeight)),
    ],
  })
}

function range(info: NumberFormat): string {
  return `${valueText(positiveValues(info)[0]!)} to ${valueText(info.max)}, ${countFinite(info)} finite numbers`
}

function legend(): string[] {
  const mark = (x: number, colour: string) => ticks([x, x + 4, x + 8], 46, 11, `stroke="${colour}"`)
  return [
    mark(20, colours.normal),
    text(36, 56, 'normal'),
    mark(100, colours.subnormal),
    text(116, 56, 'subnormal, or fixed point'),
    text(right, 56, 'arrows: the format goes on', `text-anchor="end" fill="${colours.quiet}"`),
  ]
}

function axis(bottom: number): string[] {
  const exponents = Array.from({ length: 11 }, (_, i) => -24 + 4 * i)
  const lines = exponents.map((exponent) => place(2 ** exponent))
  return [
    ticks(lines, top - 8, bottom - top + 8, `stroke="${colours.grid}"`),
    ...exponents.flatMap((exponent, i) =>
      [top - 14, bottom + 18].map((y) =>
        text(
          lines[i]!,
          y,
          exponent === 0 ? '1' : powerText(2, exponent),
          `text-anchor="middle" fill="${colours.quiet}"`,
        ),
      ),
    ),
  ]
}

function line(info: NumberFormat, y: number): string[] {
  const all = positiveValues(info)
  const shown = all.filter((value) => value >= 2 ** least && value <= 2 ** most)
  const isSubnormal = (value: number) => info.exponentBits === 0 || value < info.minNormal
  const middle = y + tickHeight / 2 + 3
  return [
    text(20, y + 10, info.name, 'font-weight="600"'),
    text(184, y + 10, `${info.bits} bits`, `text-anchor="end" font-size="12" fill="${colours.quiet}"`),
    text(
      20,
      y + 25,
      `${valueText(all[0]!)} … ${valueText(info.max)}`,
      `font-size="12" fill="${colours.quiet}"`,
    ),
    ...marks(
      shown.filter((value) => !isSubnormal(value)),
      y + 3,
      colours.normal,
    ),
    ...marks(shown.filter(isSubnormal), y + 3, colours.subnormal),
    ...(all[0]! < 2 ** least ? [arrow(left - 2, middle, -1)] : []),
    ...(info.max > 2 ** most ? [arrow(right + 2, middle, 1)] : []),
  ]
}

function marks(shown: Float64Array, y: number, colour: string): string[] {
  if (shown.length === 0) return []
  if (shown.length <= mostMarks) {
    return [ticks([...shown].map(place), y, tickHeight, `stroke="${colour}" stroke-width="0.8"`)]
  }
  const [from, to] = [place(shown[0]!), place(shown.at(-1)!)]
  return [
    `<rect x="${at(from)}" y="${at(y)}" width="${at(to - from)}" height="${tickHeight}" fill="${colour}"/>`,
  ]
}

function arrow(x: number, y: number, direction: 1 | -1): string {
  return `<path d="M${at(x)} ${at(y - 5)}l${6 * direction} 5l${-6 * direction} 5z" fill="${colours.normal}"/>`
}
