/** Classes of characters from character-tables.ts, as sources of regular expressions. */

/** The inside of a class `[...]` (flag u) for a list of "gap length" in base 36. */
export function classSource(table: string): string {
  const numbers = table.split(' ').map((digits) => Number.parseInt(digits, 36))
  const hex = (code: number): string => `\\u{${code.toString(16)}}`
  let source = ''
  let at = 0
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    at += numbers[i]!
    const end = at + numbers[i + 1]! - 1
    source += end === at ? hex(at) : `${hex(at)}-${hex(end)}`
    at = end + 1
  }
  return source
}
