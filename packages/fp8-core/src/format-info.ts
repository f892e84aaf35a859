import { UnknownFormatError } from './errors.ts'
import { type FormatName, formats, type NumberFormat } from './formats.ts'

/** A row of the table, its name, or one of its aliases in any letter case, with or without `torch.`. */
export type FormatLike = NumberFormat | FormatName | (string & {})

const byName = new Map<string, NumberFormat>()
for (const format of Object.values(formats)) {
  const { others = [], ...named } = format.aliases
  for (const name of [format.name, ...Object.values(named), ...others]) byName.set(name.toLowerCase(), format)
}

/**
 * The row of a format. Note that `e4m3` is OCP's E4M3, which ml_dtypes and torch call `float8_e4m3fn`;
 * ml_dtypes' `float8_e4m3` is another format and not in the table.
 *
 * @throws {UnknownFormatError} with the nearest known names.
 */
export function formatInfo(format: FormatLike): NumberFormat {
  if (typeof format !== 'string') return format
  const found = byName.get(format) ?? byName.get(format.toLowerCase().replace(/^torch\./, ''))
  if (found === undefined)
    throw new UnknownFormatError({ format, nearest: nearestNames(format.toLowerCase()) })
  return found
}

function nearestNames(name: string): string[] {
  const short = name.slice(0, 64)
  const ranked = [...byName.keys()].map((known) => ({ known, distance: editDistance(short, known) }))
  ranked.sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
  return ranked.slice(0, 3).map(({ known }) => known)
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substitute, previous[j]! + 1, current[j - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
