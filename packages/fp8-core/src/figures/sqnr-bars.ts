/** The picture of the measured SQNR: a row for each scheme, a column of bars for each distribution. */
import { distributions } from './distributions.ts'
import type { Measured } from './measure.ts'
import { bitsPerNumber, schemes } from './schemes.ts'
import { at, colours, svgDocument, text, ticks } from './svg.ts'

const [left, top, rowHeight, barHeight] = [264, 96, 22, 14]
const [columnWidth, barsWidth] = [151, 106]
/** Decibels at the end of a column's axis. */
const most = 45

export function sqnrBars(measured: readonly Measured[]): string {
  const rows = schemes.flatMap((scheme, index) => {
    const decibels = measured[index]!.whole
    return scheme.pictured ? [{ name: scheme.name, bits: bitsPerNumber(scheme), decibels }] : []
  })
  const bottom = top + rows.length * rowHeight
  const quiet = `fill="${colours.quiet}"`
  return svgDocument({
    width: 880,
    height: bottom + 18,
    title: 'Signal to quantization noise of recipes, in decibels',
    description: `Bars for ${distributions.map(({ name }) => name).join('; ')}. ${rows
      .map(({ name, decibels }) => `${name}: ${decibels.map(decibelText).join(', ')}.`)
      .join(' ')}`,
    content: [
      text(20, 30, 'Signal to quantization noise (dB, more is better)', 'font-size="17" font-weight="600"'),
      text(left - 12, 78, 'bits', `text-anchor="end" ${quiet}`),
      ...distributions.flatMap(({ name }, column) => {
        const x = left + column * columnWidth
        const marks = [10, 20, 30, 40].map((decibel) => x + (decibel / most) * barsWidth)
        return [
          text(x, 58, name, 'font-weight="600"'),
          ...[10, 20, 30, 40].map((decibel, i) =>
            text(marks[i]!, 78, String(decibel), `text-anchor="middle" font-size="12" ${quiet}`),
          ),
          ticks(marks, top - 12, bottom - top + 12, `stroke="${colours.grid}"`),
        ]
      }),
      ...rows.flatMap(({ name, bits, decibels }, row) => {
        const y = top + row * rowHeight
        return [
          text(20, y + 11, name),
          text(left - 12, y + 11, bitsText(bits), `text-anchor="end" ${quiet}`),
          ...decibels.map((value, column) => bar(left + column * columnWidth, y, value, colourOf(bits))),
        ]
      }),
    ],
  })
}

const decibelText = (value: number): string => value.toFixed(1)

/** `8`, `8.25`, `8.06`; what a scale per 128 x 128 adds does not show. */
export function bitsText(bits: number): string {
  return String(Number(bits.toFixed(2)))
}

function colourOf(bits: number): string {
  if (bits < 5) return colours.narrow
  return bits < 7 ? colours.middle : colours.normal
}

function bar(x: number, y: number, value: number, colour: string): string {
  const length = (Math.max(0, Math.min(value, most)) / most) * barsWidth
  const label = text(x + length + 5, y + 11, decibelText(value), 'font-size="12"')
  return `<rect x="${at(x)}" y="${y}" width="${at(length)}" height="${barHeight}" fill="${colour}"/>${label}`
}
