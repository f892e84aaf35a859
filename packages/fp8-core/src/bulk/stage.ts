/**
 * The workbench of bulk encoding: fixed arrays through which the elements pass, so that one loop per kind of code serves
 * every input and output type (V8's loops slow down when they see several), and is faster for knowing their lengths:
 * V8 compiles them into the code as constants. That works only for what is neither exported nor imported, hence one file.
 */

/** Elements on the bench at once: with the codes about half of a first-level cache. */
const size = 2048
export const stageSize: number = size

/** The elements as the bits of float32. */
const words = new Int32Array(size)
const floats = new Float32Array(words.buffer)
const doubles = new Float64Array(size)
const doubleWords = new Int32Array(doubles.buffer)
/** Where in a float64 its upper word is: 1 on little-endian machines. */
const upper = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/** The codes, for formats of at most 8 bits and for wider ones. */
const byteCodes = new Uint8Array(size)
const shortCodes = new Uint16Array(size)

/** Any typed array of numbers, also a Float16Array where the engine has it. */
export type NumberView =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** Puts `input[start .. end - 1]` on the bench. */
export function stage(input: NumberView, start: number, end: number): void {
  const part = input.subarray(start, end)
  if (part instanceof Float32Array) {
    floats.set(part)
  } else {
    doubles.set(part)
    roundDoubles()
  }
}

/**
 * float64 to float32, rounded to odd: what is inexact gets its last bit set, so that it is never a value or a tie of a
 * format with at least two bits less, and the second rounding gives what a single one would. It also keeps what is
 * too large finite and what is too small from zero, which is how the formats tell them apart.
 */
function roundDoubles(): void {
  for (let i = 0; i < size; i++) {
    const high = doubleWords[2 * i + upper]!
    const low = doubleWords[2 * i + 1 - upper]!
    // Exponent and mantissa, with the bias of float32 in the place of that of float64.
    const magnitude = (high & 0x7fffffff) - (896 << 20)
    const cut = low << 3
    words[i] =
      magnitude >= 1 << 20 && magnitude < 255 << 20
        ? (high & 0x80000000) | (magnitude << 3) | (low >>> 29) | ((cut | -cut) >>> 31)
        : oddWord(doubles[i]!)
  }
}

const float = new Float32Array(1)
const floatWord = new Int32Array(float.buffer)

/** The same for what is no normal float32, and for zero, infinities and NaN. */
function oddWord(value: number): number {
  float[0] = value
  const rounded = float[0]!
  const word = floatWord[0]!
  if (rounded === value || Number.isNaN(value)) return word
  return (Math.abs(rounded) > Math.abs(value) ? word - 1 : word) | 1
}

/** Formats of at most 8 bits by a table of 2^17 entries; see `encode-table.ts` for the index. */
export function encodeBytes(table: Uint8Array): Uint8Array {
  for (let i = 0; i < size; i++) {
    const word = words[i]!
    byteCodes[i] = table[(word >>> 16) + ((word + 0xffff) >>> 16)]!
  }
  return byteCodes
}

/** Formats with more mantissa bits by a table of 2^18 entries. */
export function encodeShorts(table: Uint16Array): Uint16Array {
  for (let i = 0; i < size; i++) {
    const word = words[i]!
    shortCodes[i] = table[(word >>> 15) + ((word + 0x7fff) >>> 15)]!
  }
  return shortCodes
}

/** bf16, ties to even, overflow to infinity. */
export function encodeBf16(): Uint16Array {
  for (let i = 0; i < size; i++) {
    const word = words[i]!
    // Adding just under half a unit (0x7fff), and one more if the kept part is odd, carries exactly when rounding up.
    const rounded = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
    shortCodes[i] = (word & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded
  }
  return shortCodes
}

/** f16, ties to even, overflow to infinity: the same addition at another bit, after taking the biases' difference 112 off. */
export function encodeF16(): Uint16Array {
  for (let i = 0; i < size; i++) {
    const word = words[i]!
    const magnitude = word & 0x7fffffff
    // 2^-14, the least normal, and 65520, from where on all round to infinity.
    if (magnitude >= 0x38800000 && magnitude < 0x477ff000) {
      const rounded = (magnitude - (112 << 23) + 0xfff + ((magnitude >>> 13) & 1)) >>> 13
      shortCodes[i] = ((word >>> 16) & 0x8000) | rounded
    } else {
      shortCodes[i] = unusualF16(word)
    }
  }
  return shortCodes
}

/** f16 of what is subnormal there, too large, or no number. */
function unusualF16(word: number): number {
  const magnitude = word & 0x7fffffff
  if (magnitude > 0x7f800000) return 0x7e00
  const sign = (word >>> 16) & 0x8000
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // The exponent of 2^-25, half of the least f16: what is smaller is 0.
  if (magnitude < 102 << 23) return sign
  // The significand counts units of 2^(exponent - 150), a subnormal f16 units of 2^-24.
  const significand = (magnitude & 0x7fffff) | 0x800000
  const cut = 126 - (magnitude >>> 23)
  return sign | ((significand + (1 << (cut - 1)) - 1 + ((significand >>> cut) & 1)) >>> cut)
}
