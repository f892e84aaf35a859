/** The picture of how far rounding to the nearest value may go, relative to the number, over its magnitude. */
import { type FormatName, formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { powerText, valueText } from './numbers.ts'
import { positiveValues } from './positive-values.ts'
import { at, colours, svgDocument, text, ticks } from './svg.ts'

const shown: readonly FormatName[] = ['e4m3', 'e5m2', 'e3m4', 'hif8', 'e2m3', 'e3m2', 'e2m1', 'mxint8']
const [least, most] = [-24, 18]
const [panelWidth, panelHeight] = [376, 88]
const [columnWidth, rowHeight] = [428, 142]
const [left, top] = [58, 96]
/** The vertical axis is logarithmic, from this error to 100 %. */
const floor = 2 ** -9

interface Point {
  readonly x: number
  readonly error: number
}

export function relativeErrors(): string {
  const rows = Math.ceil(shown.length / 2)
  const height = top + rows * rowHeight - 18
  return svgDocument({
    width: 880,
    height,
    title: 'Relative error of rounding, over the magnitude',
    description:
      'One panel for each format, both axes logarithmic. The error touches zero at every value and is greatest half-way ' +
      `between two. ${shown.map((name) => `${name}: ${summary(formats[name])}.`).join(' ')}`,
    content: [
      text(20, 30, 'Relative error of rounding to the nearest value', 'font-size="17" font-weight="600"'),
      text(
        20,
        54,
        'Zero at each value, greatest half-way between two. Grey: below the smallest value and above the largest.',
        `fill="${colours.quiet}"`,
      ),
      ...shown.flatMap((name, index) =>
        panel(formats[name], left + (index % 2) * columnWidth, top + Math.floor(index / 2) * rowHeight),
      ),
    ],
  })
}

/** The largest error where the significand is full. */
function summary(info: NumberFormat): string {
  const normal = positiveValues(info).filter((value) => value >= info.minNormal)
  let largest = 0
  for (let i = 1; i < normal.length; i++) {
    const [lower, upper] = [normal[i - 1]!, normal[i]!]
    largest = Math.max(largest, (upper - lower) / (upper + lower))
  }
  return `at most ${percent(largest)} from ${valueText(info.minNormal)} to ${valueText(info.max)}`
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

function panel(info: NumberFormat, x: number, y: number): string[] {
  const across = (value: number) => x + ((Math.log2(value) - least) / (most - least)) * panelWidth
  const down = (error: number) => y + (Math.log2(Math.max(error, floor)) / Math.log2(floor)) * panelHeight
  const bottom = y + panelHeight
  const curve = (points: readonly Point[], colour: string) => {
    const [from, to] = [across(points[0]!.x), across(points.at(-1)!.x)]
    const line = points.map((point) => `${at(across(point.x))} ${at(down(point.error))}`).join(' ')
    return `<path d="M${at(from)} ${at(bottom)}L${line} ${at(to)} ${at(bottom)}z" fill="${colour}" fill-opacity="0.2" stroke="${colour}" stroke-width="0.8" stroke-linejoin="round"/>`
  }
  const { below, within, above } = errors(info, panelWidth / (most - least))
  const heights = [1, 2 ** -3, 2 ** -6, floor]
  const exponents = [-24, -18, -12, -6, 0, 6, 12, 18]
  const quiet = `font-size="12" fill="${colours.quiet}"`
  return [
    `<text x="${x}" y="${y - 10}"><tspan font-weight="600">${info.name}</tspan><tspan dx="8" ${quiet}>${summary(info)}</tspan></text>`,
    ...heights.map(
      (error) =>
        `<path d="M${x} ${at(down(error))}h${panelWidth}" stroke="${colours.grid}"/>${text(x - 6, down(error) + 4, percent(error), `text-anchor="end" ${quiet}`)}`,
    ),
    ticks(
      exponents.map((exponent) => across(2 ** exponent)),
      y,
      panelHeight,
      `stroke="${colours.grid}"`,
    ),
    ...exponents.map((exponent) =>
      text(
        across(2 ** exponent),
        bottom + 16,
        exponent === 0 ? '1' : powerText(2, exponent),
        `text-anchor="middle" ${quiet}`,
      ),
    ),
    curve(below, colours.quiet),
    curve(above, colours.quiet),
    curve(within, colours.normal),
  ]
}

/**
 * The curve `|x - nearest(x)| / x`, with more points where an octave (so many pixels wide) has room to show how it bends:
 * below the smallest value, within the range, and above the largest value.
 */
function errors(info: NumberFormat, octave: number): Record<'below' | 'within' | 'above', Point[]> {
  const values = positiveValues(info).filter((value) => value >= 2 ** least && value <= 2 ** most)
  const [smallest, largest] = [values[0]!, values.at(-1)!]
  const within: Point[] = [{ x: smallest, error: 0 }]
  for (let i = 1; i < values.length; i++) {
    const [lower, upper] = [values[i - 1]!, values[i]!]
    const middle = (lower + upper) / 2
    within.push(...branch(lower, middle, lower, octave), { x: middle, error: (middle - lower) / middle })
    within.push(...branch(middle, upper, upper, octave), { x: upper, error: 0 })
  }
  return {
    // Below half of the smallest value everything becomes zero.
    below: [
      { x: 2 ** least, error: 1 },
      { x: smallest / 2, error: 1 },
      ...branch(smallest / 2, smallest, smallest, octave),
      { x: smallest, error: 0 },
    ],
    within,
    above: [
      { x: largest, error: 0 },
      ...branch(largest, 2 ** most, largest, octave),
      { x: 2 ** most, error: 1 - largest / 2 ** most },
    ],
  }
}

/** Points strictly between `from` and `to`, whose numbers all become `value`. */
function branch(from: number, to: number, value: number, octave: number): Point[] {
  const count = Math.min(12, Math.floor((Math.log2(to / from) * octave) / 1.5))
  return Array.from({ length: count }, (_, i) => {
    // Closer together towards the value, where the curve falls to zero.
    const share = ((i + 1) / (count + 1)) ** 2
    const x = value === from ? from * (to / from) ** share : to * (from / to) ** share
    return { x, error: Math.abs(x - value) / x }
  }).sort((a, b) => a.x - b.x)
}
