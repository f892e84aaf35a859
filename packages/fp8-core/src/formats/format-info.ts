import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError, UnknownFormatError } from '../errors.ts'
import { type FormatName, formats } from './formats.ts'
import { isNumberFormat, type NumberFormat } from './number-format.ts'
import { p3109ByName } from './p3109.ts'

/** A row of the table, its name, or one of its aliases in any letter case, with or without `torch.`. */
export type FormatLike = NumberFormat | FormatName | (string & {})

const byName = new Map<string, NumberFormat>()
for (const format of Object.values(formats)) {
  const { others = [], ...named } = format.aliases
  for (const name of [format.name, ...Object.values(named), ...others]) byName.set(name.toLowerCase(), format)
}

/**
 * The row of a format, by its name, an alias, or a name like `p3109_k8p4se`. Note that `e4m3` is OCP's E4M3, which
 * ml_dtypes and torch call `float8_e4m3fn`; ml_dtypes' `float8_e4m3` is another format, here `e4m3ieee`.
 *
 * @throws {UnknownFormatError} with the nearest known names; {@link ArgumentError} for what is neither a name nor a row.
 */
export function formatInfo(format: FormatLike): NumberFormat {
  if (isNumberFormat(format)) return format
  if (typeof format !== 'string') {
    const expected = "a format's name or a row of `formats`"
    throw new ArgumentError({ op: 'formatInfo', argument: 'format', expected, got: kindOf(format) })
  }
  const found = byName.get(format) ?? byAnySpelling(format)
  if (found === undefined) throw new UnknownFormatError({ format, nearest: nearestNames(format) })
  return found
}

function byAnySpelling(format: string): NumberFormat | undefined {
  const name = format.toLowerCase().replace(/^torch\./, '')
  return byName.get(name) ?? p3109ByName(name)
}

/** What people write who mean a family of formats, and what to offer them. */
const families: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(mx|nv|ocp)?_?(u?f|fp|float)_?8$/, ['e4m3', 'e5m2']],
  // Almost ml_dtypes' name of the rarer of the two.
  [/^(float|f|fp)_?8_?e4m3$/, ['e4m3', 'e4m3ieee']],
  [/^(mx)?_?(f|fp|float)_?6$/, ['e2m3', 'e3m2']],
  [/^(mx|nv)?_?(f|fp|float)_?4$/, ['e2m1']],
  [/^(mx|ocp)?_?[su]?int_?8$|^[iu]8$/, ['mxint8']],
  [/^hif|^hi_?f/, ['hif8']],
  // Shows how the names are made.
  [/^p_?3109|^binary_?\d/, ['p3109_k8p4se', 'p3109_k8p3se', 'p3109_k4p2se']],
  [/^(float|fp?)_?(16|32|64)$|^(half|single|double|number)$/, ['f16', 'bf16']],
]

/** At most three names, each of another format: those of a family first, then the least edit distance. */
function nearestNames(format: string): string[] {
  const name = format
    .slice(0, 64)
    .toLowerCase()
    .replace(/^torch\./, '')
  const nearest = [...(families.find(([pattern]) => pattern.test(name))?.[1] ?? [])]
  const offered = new Set(nearest.map((known) => byName.get(known)))
  const ranked = [...byName.keys()].map((known) => ({ known, distance: distance(name, known) }))
  // A stable sort: of names equally near, the formats in the order of the table.
  ranked.sort((a, b) => a.distance - b.distance)
  for (const { known } of ranked) {
    const row = byName.get(known)
    if (nearest.length >= 3) break
    if (!offered.has(row)) nearest.push(known)
    offered.add(row)
  }
  return nearest
}

/** Signs between words do not count; letters that are only left out count half, those added at the end little more. */
function distance(name: string, known: string): number {
  const [a, b] = [name, known].map((text) => text.replace(/[^a-z0-9]/g, '')) as [string, string]
  const whole = editDistance(a, b)
  if (isPart(a, b)) return whole / 2
  return b !== '' && a.startsWith(b) ? whole / 2 + 0.25 : whole
}

/** Whether the letters of `part` stand in `whole` in this order. */
function isPart(part: string, whole: string): boolean {
  let at = 0
  for (const letter of whole) if (letter === part[at]) at++
  return at === part.length
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
