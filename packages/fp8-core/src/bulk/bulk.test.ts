/**
 * The fast paths of bulk conversion against `encode`, which is tested against other libraries: all formats, all rules
 * that need no random source, both overflow rules.
 *
 * Mutations seen red, here or in the tests of memory: the index rounds up only from half a step on; the sticky bit of
 * float64 left out; no step back toward zero; f16 subnormal ties down; bf16 ties down; one bit fewer kept; odd indices
 * take the entry below; `infinity` ignored for f16 and bf16, or left out of the key of the cache; any narrowing overlap
 * allowed; a byte not looked at; a pair twice its second code, or of another format; the last part in the wrong place;
 * NaN not looked for. Seen green, because it changes nothing: the f16 overflow bound one float32 later.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formats } from '../formats/formats.ts'
import { defineFormat, type NumberFormat } from '../formats/number-format.ts'
import { p3109 } from '../formats/p3109.ts'
import { type EncodeOptions, encoder } from '../scalar/encode.ts'
import { ladderOf } from '../scalar/ladder.ts'
import { overflows, plainRules, type Rounding } from '../scalar/rounding.ts'
import { encodeArray } from './arrays.ts'
import { keptBits } from './encode-table.ts'

const rows = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 1 }),
  p3109({ bits: 8, precision: 7, signed: false, extended: false }),
  p3109({ bits: 8, precision: 8, signed: false }),
  p3109({ bits: 11, precision: 4 }),
]
const rules = Object.keys(plainRules) as Rounding[]
const options: EncodeOptions[] = rules.flatMap((rounding) =>
  overflows.flatMap((overflow) => [{ rounding, overflow }]),
)
options.push({ overflow: 'saturate', infinity: 'format' }, { overflow: 'format', infinity: 'saturate' })

/** All 65,536 upper halves of a float32, exact and with a bit below; NaN left out where the format has none. */
const halves = new Float32Array(
  Uint32Array.from({ length: 2 ** 17 }, (_, i) => ((i >>> 1) << 16) | (i & 1)).buffer,
)

/** Every value and midpoint of the ladder, and its neighbours in float32, or in float64 at a distance of 2^-45. */
function boundaries(row: NumberFormat): number[] {
  const { magnitudes } = ladderOf(row)
  const middles = magnitudes.slice(1).map((upper, rank) => (magnitudes[rank]! + upper) / 2)
  const all = [...magnitudes, ...middles].filter((x) => x < 2 ** 128)
  // Of the formats of 16 bits each fifth.
  return row.bits > 12 ? all.filter((_, i) => i % 5 === 0) : all
}

function neighbours32(row: NumberFormat): Float32Array {
  const exact = Float32Array.from(boundaries(row))
  const bits = new Uint32Array(exact.buffer)
  const around = Array.from(bits).flatMap((word) => [word, word + 1, Math.max(word, 1) - 1])
  return new Float32Array(Uint32Array.from(around.flatMap((word) => [word, word | 0x80000000])).buffer)
}

function neighbours64(row: NumberFormat): Float64Array {
  // The ends of float32: half its least number and its largest, between which and 2^128 float32 rounds to infinity.
  const ends = [
    2 ** -149,
    2 ** -150,
    2 ** -1074,
    2 ** -126,
    (2 - 2 ** -23) * 2 ** 127,
    2 ** 128,
    1e300,
    Infinity,
    0,
  ]
  const around = [...boundaries(row), ...ends].flatMap((x) => [x, x * (1 + 2 ** -45), x * (1 - 2 ** -45)])
  return Float64Array.from(around.flatMap((x) => [x, -x]))
}

const withoutNaN = <T extends Float32Array | Float64Array>(row: NumberFormat, input: T): T =>
  (row.nanCode === undefined ? input.map((x) => (Number.isNaN(x) ? 1 : x)) : input) as T

/** Lengthened, so that even the fewest of them go through the table. */
function padded<T extends Float32Array | Float64Array>(input: T): T {
  const length = Math.max(512, input.length)
  const longer = (input instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as T
  longer.set(input)
  return longer
}

/** The first inputs whose codes differ; by a plain loop, since there are millions. */
function differing(row: NumberFormat, given: Float32Array | Float64Array, rule: EncodeOptions): number[] {
  const input = withoutNaN(row, given)
  const encodeOne = encoder(row, rule)
  const codes = encodeArray(input, row, undefined, rule)
  const found: number[] = []
  for (let i = 0; i < input.length && found.length < 8; i++) {
    if (codes[i] !== encodeOne(input[i]!)) found.push(input[i]!)
  }
  return found
}

describe.each(rows)('$name', (row) => {
  it('encodes all upper halves of float32 with and without a bit below', () => {
    for (const rule of options) expect(differing(row, halves, rule)).toEqual([])
  })

  // The table, if there is one, has been made above.
  it('encodes float32 and float64 at and beside every boundary', () => {
    const [singles, doubles] = [padded(neighbours32(row)), padded(neighbours64(row))]
    for (const rule of options) {
      expect(differing(row, singles, rule)).toEqual([])
      expect(differing(row, doubles, rule)).toEqual([])
    }
  })
})

it('encodes any bits of float32 and float64 as encode does', () => {
  const words = fc.uint32Array({ minLength: 512, maxLength: 512 })
  fc.assert(
    fc.property(words, fc.constantFrom(...rows), fc.constantFrom(...options), (bits, row, rule) => {
      const { buffer } = bits.slice()
      expect(differing(row, new Float32Array(buffer), rule)).toEqual([])
      expect(differing(row, new Float64Array(buffer), rule)).toEqual([])
    }),
    { numRuns: 300 },
  )
})

it('keeps as many bits for an index as the values and midpoints need', () => {
  const kept = Object.fromEntries(Object.values(formats).map((row) => [row.name, keptBits(row)]))
  expect(kept).toMatchObject({ e4m3: 13, e5m2: 12, e8m0: 11, mxint8: 16, bf16: 17, f16: 20 })
  // Values down to 2^-202 are no float32, so there is no table.
  const tiny = defineFormat({ ...formats.e4m3, name: 'tiny', bias: 200, max: 448 * 2 ** -193 })
  expect(keptBits(tiny)).toBeUndefined()
  expect(differing(tiny, new Float64Array(1000).fill(3 * 2 ** -202), {})).toEqual([])
})

it('takes stochastic and hybrid rounding, whose results are no function of the upper bits, one by one', () => {
  const input = Float32Array.from({ length: 4096 }, (_, i) => i / 7)
  const counter = () => {
    let i = 0
    return { rounding: 'stochastic', random: () => (i++ % 97) / 97 } as const
  }
  const expected = Array.from(input, encoder(formats.e4m3, counter()))
  expect([...encodeArray(input, 'e4m3', undefined, counter())]).toEqual(expected)
  const hybrid = { rounding: 'hybrid' } as const
  expect([...encodeArray(input, 'hif8', undefined, hybrid)]).toEqual(
    Array.from(input, encoder(formats.hif8, hybrid)),
  )
})
