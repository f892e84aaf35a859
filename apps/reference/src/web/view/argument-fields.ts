/** Arguments of a call as a person reads them. */

export interface ArgumentField {
  readonly name: string
  readonly text: string
}

/** One field for each argument; undefined for what is no JSON object, or an empty one. */
export function argumentFields(json: string): ArgumentField[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const fields = Object.entries(value).map(([name, each]) => ({ name, text: valueText(each) }))
  return fields.length === 0 ? undefined : fields
}

/** Text of several lines, such as code, stands as it is; anything shorter as JSON, so that "1" and 1 differ. */
function valueText(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return value
  return JSON.stringify(value, undefined, typeof value === 'object' ? 2 : undefined)
}

/**
 * What is not seen, or moves other characters: format and control characters, the line ends that JavaScript knows and pages
 * do not break at (behind them a comment ends and code begins), and letters without a shape, of which names can be made.
 */
const unseen =
  /(?!\r\n|[\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u17b4|\u17b5|[\ufe00-\ufe0e]/gu

/** A text with unseen characters as escapes, so that a person allows what they see. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16)
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
  })
}
