/** The tables of README.md that follow from data. */
import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { distributions } from './distributions.ts'
import type { Measured } from './measure.ts'
import { valueText } from './numbers.ts'
import { countFinite } from './positive-values.ts'
import { type Choice, choices } from './recipe-choices.ts'
import { bitsPerNumber, schemes } from './schemes.ts'
import { bitsText } from './sqnr-bars.ts'

type Align = 'left' | 'right'

function table(heads: readonly (readonly [string, Align])[], rows: readonly (readonly string[])[]): string {
  const lines = [
    heads.map(([head]) => head),
    heads.map(([, align]) => (align === 'left' ? '---' : '--:')),
    ...rows,
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A row for each row of `formats`. */
export function formatsTable(): string {
  return table(
    [
      ['name', 'left'],
      ['sign.exponent.mantissa', 'left'],
      ['bias', 'right'],
      ['largest', 'right'],
      ['smallest normal', 'right'],
      ['smallest', 'right'],
      ['Inf', 'left'],
      ['NaN', 'left'],
      ['zero', 'left'],
      ['numbers', 'right'],
      ['also known as', 'left'],
    ],
    Object.values(formats).map((info) => [
      `\`${info.name}\``,
      widths(info),
      info.layout === 'fields' && info.exponentBits > 0 ? String(info.bias) : '-',
      valueText(info.max),
      valueText(info.minNormal),
      valueText(info.minSubnormal ?? info.minNormal),
      info.infinities ? 'yes' : '-',
      { ieee: 'as IEEE', 'all-ones': 'all ones', 'negative-zero': 'at -0', none: '-' }[info.nans],
      { signed: '+0 -0', unsigned: '0', none: '-' }[info.zero],
      String(countFinite(info)),
      aliases(info),
    ]),
  )
}

function widths({ layout, signBits, exponentBits, mantissaBits, negatives }: NumberFormat): string {
  if (layout === 'tapered') return 'tapered'
  return negatives === 'twos-complement' ? "two's complement" : `${signBits}.${exponentBits}.${mantissaBits}`
}

function aliases({ name, aliases: { others = [], ...named } }: NumberFormat): string {
  const known = new Set([...Object.values(named), ...others].filter((alias) => alias !== name))
  return [...known].map((alias) => `\`${alias}\``).join(' ')
}

/** A row for each scheme, decibels for each distribution. */
export function sqnrTable(measured: readonly Measured[]): string {
  return table(
    [
      ['recipe', 'left'],
      ['bits', 'right'],
      ...distributions.map(({ name }): readonly [string, Align] => [name, 'right']),
    ],
    schemes.map((scheme, index) => [
      scheme.name,
      bitsText(bitsPerNumber(scheme)),
      ...measured[index]!.whole.map((decibels) => decibels.toFixed(2)),
    ]),
  )
}

/** What to take for which purpose, with the measured decibels of it. */
export function choiceTable(measured: readonly Measured[]): string {
  const decibelsOf = ({ scheme }: Choice) => {
    const [gauss, , , outliers] = measured.find((row) => row.scheme === scheme)!.whole
    return `${gauss!.toFixed(1)} / ${outliers!.toFixed(1)}`
  }
  return table(
    [
      ['you want', 'left'],
      ['take', 'left'],
      ['bits', 'right'],
      ['dB', 'right'],
    ],
    choices.map((choice) => [
      choice.want,
      choice.take,
      bitsText(bitsPerNumber(schemes.find(({ name }) => name === choice.scheme)!)),
      decibelsOf(choice),
    ]),
  )
}
