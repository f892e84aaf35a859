/**
 * JSON text as Python's `json.dumps` writes it with its defaults: ", " and ": " between parts, ASCII only. Chat templates
 * of DeepSeek put such text into prompts, and the model was trained on those bytes.
 */
import { describe } from '../describe.ts'
import { ChatError } from './chat-error.ts'

/** Deepest nesting that is written; deeper input, or one that contains itself, is an error and not a stack overflow. */
const MAX_DEPTH = 256

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}

/**
 * Serialises a JSON value like `json.dumps(value)`.
 *
 * JavaScript has one number type: whole numbers below 10^21 are written as Python writes an int, other numbers as it writes
 * a float. Properties whose value is undefined are left out, as in `JSON.stringify`; keys keep JavaScript's order, in which
 * keys that are array indices come first.
 *
 * @param field names the value in a `ChatError`, which is thrown for what JSON cannot hold (NaN, functions, cycles...)
 */
export function pythonJson(value: unknown, field = 'value'): string {
  return write(value, field, 0)
}

function write(value: unknown, field: string, depth: number): string {
  if (depth > MAX_DEPTH) {
    throw new ChatError({
      field,
      expected: `a value nested at most ${MAX_DEPTH} deep`,
      got: 'a deeper or cyclic one',
    })
  }
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' && Number.isFinite(value)) return pythonNumber(value)
  if (Array.isArray(value)) return `[${value.map((item) => write(item, field, depth + 1)).join(', ')}]`
  if (typeof value === 'object') {
    const parts: string[] = []
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) parts.push(`${quote(key)}: ${write(item, field, depth + 1)}`)
    }
    return `{${parts.join(', ')}}`
  }
  throw new ChatError({ field, expected: 'a JSON value', got: describe(value) })
}

/** Python's `ESCAPE_ASCII`: everything outside space..tilde, and `"` and `\`, as UTF-16 code units in lower-case hex. */
function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is defined by its bounds
  const escaped = text.replace(/["\\\u0000-\u001f\u007f-\uffff]/g, (unit) => {
    return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

/**
 * Whole numbers below 10^21 have no exponent in JavaScript: an int. Other numbers are floats, and Python's `repr` has the
 * same shortest digits, but turns to an exponent below 1e-4 (JavaScript: 1e-6) and writes it with at least two digits.
 */
function pythonNumber(value: number): string {
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}
