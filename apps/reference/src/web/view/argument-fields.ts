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

/** Characters that change the order or the look of others without being seen, as escapes. */
export function visible(text: string): string {
  return text.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
