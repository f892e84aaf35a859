/** What `JSON.parse` does not tell: keys that occur twice (it keeps the last), and before parsing how much there is. */

/** A safetensors header nests three deep; more is allowed for fields that later versions add. */
const MAX_DEPTH = 16
/** Keys of one object: an index of DeepSeek-V3 has 92,000. */
const MAX_KEYS = 2_000_000
/** Objects, arrays and keys together; a tensor has 7. Of `{},{},…` 100 MB would take 4 GB and a minute to parse. */
const MAX_PARTS = 10_000_000

/**
 * The first problem with the keys of a JSON text, as a phrase, or `undefined`. Keys are compared after
 * unescaping. On text that is not JSON the answer means nothing, or a `SyntaxError` is thrown, but it ends.
 */
export function findKeyProblem(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  let parts = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '{' || character === '[') {
      if (open.length === MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`
      if (++parts > MAX_PARTS) return `has more than ${MAX_PARTS} objects, arrays and keys`
      open.push(undefined)
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === '"') {
      const end = endOfString(text, i)
      if (nextIsColon(text, end + 1)) {
        if (++parts > MAX_PARTS) return `has more than ${MAX_PARTS} objects, arrays and keys`
        const key = keyOf(text.slice(i, end + 1))
        const keys = open.at(-1) ?? new Set()
        if (keys.has(key)) return `has the key ${printable(key)} twice`
        if (keys.size === MAX_KEYS) return `has an object of more than ${MAX_KEYS} keys`
        keys.add(key)
        if (open.length > 0) open[open.length - 1] = keys
      }
      i = end
    }
  }
  return undefined
}

/** Most keys have no escapes. */
function keyOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
}

/** Index of the closing quote of the string that opens at `start`; the end of the text if it never closes. */
function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

function nextIsColon(text: string, start: number): boolean {
  let i = start
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++
  return text[i] === ':'
}

/** A name from a file as an error message may show it: quoted, control characters escaped, clipped. */
export function printable(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name)
}
