/** A value in a few words, for messages: its type, and the value itself where it is short. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  switch (typeof value) {
    case 'string':
      return JSON.stringify(shorten(value))
    case 'object':
      return 'an object'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    default:
      return String(value)
  }
}

const longest = 80

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}...`
}
