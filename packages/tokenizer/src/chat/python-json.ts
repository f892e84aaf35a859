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

/** Arguments of `json.dumps`. */
export interface PythonJsonOptions {
  /** Escape what is not ASCII. Default true. */
  readonly ensureAscii?: boolean | undefined
  /** Spaces for each level, every item on its own line. Default: everything on one line. */
  readonly indent?: number | undefined
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
export function pythonJson(value: unknown, field = 'value', options: PythonJsonOptions = {}): string {
  return write(value, field, 0, options)
}

function write(value: unknown, field: string, depth: number, options: PythonJsonOptions): string {
  if (depth > MAX_DEPTH) {
    throw new ChatError({
      field,
      expected: `a value nested at most ${MAX_DEPTH} deep`,
      got: 'a deeper or cyclic one',
    })
  }
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value, options.ensureAscii !== false)
  if (typeof value === 'number' && Number.isFinite(value)) return pythonNumber(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => write(item, field, depth + 1, options))
    return wrap('[', items, ']', depth, options.indent)
  }
  if (typeof value === 'object') {
    const parts: string[] = []
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) {
        const name = quote(key, options.ensureAscii !== false)
        parts.push(`${name}: ${write(item, field, depth + 1, options)}`)
      }
    }
    return wrap('{', parts, '}', depth, options.indent)
  }
  throw new ChatError({ field, expected: 'a JSON value', got: describe(value) })
}

function wrap(open: string, items: string[], close: string, depth: number, indent?: number): string {
  if (indent === undefined || items.length === 0) return `${open}${items.join(', ')}${close}`
  const line = `\n${' '.repeat(indent * depth)}`
  const inner = line + ' '.repeat(indent)
  return `${open}${inner}${items.join(`,${inner}`)}${line}${close}`
}

/**
 * Python's `ESCAPE_ASCII`: everything outside space..tilde, and `"` and `\`, as UTF-16 code units in lower-case hex; or its
 * `ESCAPE`: of these only what JSON demands.
 */
function quote(text: string, ensureAscii: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is defined by its bounds
  const pattern = ensureAscii ? /["\\\u0000-\u001f\u007f-\uffff]/g : /["\\\u0000-\u001f]/g
  const escaped = text.replace(pattern, (unit) => {
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
