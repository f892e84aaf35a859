/** The key-value pairs of a GGUF header: `key string | type u32 | value`. */
import { printable } from '../files/json-keys.ts'
import type { HeaderBytes } from './header-bytes.ts'

/**
 * A value of the metadata. u8 .. i32, f32 and f64 are numbers. 64-bit integers are numbers where a number is exact
 * (up to 2^53 - 1), else bigints: programs write one key as u32 or as u64 as they please, and both should read the same.
 */
export type GgufValue = number | bigint | boolean | string | GgufArray

/** Arrays of numbers are typed arrays of the stored width. */
export type GgufArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly boolean[]
  | readonly string[]
  | readonly GgufArray[]

interface NumberType {
  readonly bytes: number
  readonly array: new (buffer: ArrayBuffer) => Exclude<GgufArray, readonly unknown[]>
  readonly read: (view: DataView, at: number) => number | bigint
}

const numberTypes: ReadonlyMap<number, NumberType> = new Map<number, NumberType>([
  [0, { bytes: 1, array: Uint8Array, read: (view, at) => view.getUint8(at) }],
  [1, { bytes: 1, array: Int8Array, read: (view, at) => view.getInt8(at) }],
  [2, { bytes: 2, array: Uint16Array, read: (view, at) => view.getUint16(at, true) }],
  [3, { bytes: 2, array: Int16Array, read: (view, at) => view.getInt16(at, true) }],
  [4, { bytes: 4, array: Uint32Array, read: (view, at) => view.getUint32(at, true) }],
  [5, { bytes: 4, array: Int32Array, read: (view, at) => view.getInt32(at, true) }],
  [6, { bytes: 4, array: Float32Array, read: (view, at) => view.getFloat32(at, true) }],
  [10, { bytes: 8, array: BigUint64Array, read: (view, at) => view.getBigUint64(at, true) }],
  [11, { bytes: 8, array: BigInt64Array, read: (view, at) => view.getBigInt64(at, true) }],
  [12, { bytes: 8, array: Float64Array, read: (view, at) => view.getFloat64(at, true) }],
])
const BOOL = 7
const STRING = 8
const ARRAY = 9
const U32 = 4

/** No published model nests arrays at all, and ggml refuses them. */
const MAX_DEPTH = 4
/** Arrays in arrays and booleans in arrays, all together: they take 8 to 20 times the memory that they take in the file. */
const MAX_SMALL_THINGS = 1_000_000

export interface Metadata {
  readonly values: ReadonlyMap<string, GgufValue>
  /** `general.alignment`, if it is there. */
  readonly alignment: number | undefined
}

/** Reads `count` pairs. Throws `FormatError` and what `HeaderBytes` throws. */
export function readMetadata(header: HeaderBytes, count: number): Metadata {
  const values = new Map<string, GgufValue>()
  const budget = { left: MAX_SMALL_THINGS }
  let alignment: number | undefined
  for (let i = 0; i < count; i++) {
    const key = header.string(`key ${i} of the metadata`)
    const quoted = printable(key)
    if (values.has(key)) throw header.refuse(`the metadata has the key ${quoted} twice`)
    const what = `metadata ${quoted}`
    const type = header.u32(`the type of ${what}`)
    if (key === 'general.alignment' && type !== U32) {
      throw header.refuse(`${what} must be of type 4 (u32), got type ${type}`)
    }
    const value = readValue(header, type, what, budget)
    values.set(key, value)
    if (key === 'general.alignment') alignment = value as number
  }
  return { values, alignment }
}

function readValue(header: HeaderBytes, type: number, what: string, budget: { left: number }): GgufValue {
  const number = numberTypes.get(type)
  if (number !== undefined) return plain(number.read(header.view, header.take(number.bytes, what)))
  if (type === BOOL) return readBoolean(header, header.take(1, what), what)
  if (type === STRING) return header.string(what)
  if (type === ARRAY) return readArray(header, what, budget, 1)
  throw header.refuse(`${what} has the unknown value type ${type}; known are 0 to 12`)
}

/** `element type u32 | count u64 | elements`. */
function readArray(header: HeaderBytes, what: string, budget: { left: number }, depth: number): GgufArray {
  if (depth > MAX_DEPTH) throw header.refuse(`${what} nests arrays deeper than ${MAX_DEPTH}`)
  const type = header.u32(`the element type of ${what}`)
  const number = numberTypes.get(type)
  if (number !== undefined) {
    const count = header.count(`elements of ${what}`, number.bytes)
    const start = header.take(count * number.bytes, what)
    // A copy: it is aligned, and does not keep the header's bytes in memory.
    return new number.array(new Uint8Array(header.bytes.subarray(start, header.position)).buffer)
  }
  if (type === BOOL) {
    const count = header.count(`elements of ${what}`, 1)
    spend(header, budget, count, what)
    const start = header.take(count, what)
    return Array.from({ length: count }, (_, i) => readBoolean(header, start + i, what))
  }
  if (type === STRING) {
    const count = header.count(`strings of ${what}`, 8)
    return header.strings(count, `a string of ${what}`)
  }
  if (type !== ARRAY) throw header.refuse(`${what} has the unknown element type ${type}; known are 0 to 12`)
  const count = header.count(`arrays in ${what}`, 12)
  spend(header, budget, count, what)
  const arrays: GgufArray[] = []
  for (let i = 0; i < count; i++) arrays.push(readArray(header, what, budget, depth + 1))
  return arrays
}

function spend(header: HeaderBytes, budget: { left: number }, count: number, what: string): void {
  budget.left -= count
  if (budget.left >= 0) return
  throw header.refuse(`${what}: more than ${MAX_SMALL_THINGS} arrays and booleans in arrays`)
}

function readBoolean(header: HeaderBytes, at: number, what: string): boolean {
  const byte = header.bytes[at]
  if (byte === 0 || byte === 1) return byte === 1
  throw header.refuse(`${what} is a boolean of value ${byte}, must be 0 or 1`)
}

function plain(value: number | bigint): number | bigint {
  if (typeof value === 'number') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
