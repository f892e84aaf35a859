/**
 * Every error class is thrown by some public call, with its facts as fields and in a message that can be read.
 *
 * Mutations seen red: a fact not stored, or another in its place; long names not cut; control characters kept.
 */
import { describe, expect, it } from 'vitest'
import * as errorClasses from './errors.ts'
import * as library from './index.ts'

const {
  codeHistogram,
  decode,
  decodeArray,
  encode,
  encodeArray,
  formatInfo,
  p3109,
  packFp4,
  packFp6,
  packUe8m0,
  sqnr,
  ulpDistance,
} = library

const classes = new Map<string, unknown>(Object.entries(errorClasses))

interface Misuse {
  what: string
  call: () => unknown
  facts: { name: string } & Record<string, unknown>
  says: string
}

const misuses: Misuse[] = [
  {
    what: 'a name with a slip of the finger',
    call: () => formatInfo('e4m3fm'),
    facts: { name: 'UnknownFormatError', format: 'e4m3fm', nearest: expect.arrayContaining(['e4m3fn']) },
    says: "unknown number format 'e4m3fm': did you mean ",
  },
  {
    what: 'an empty name',
    call: () => decode(0, ''),
    facts: { name: 'UnknownFormatError', format: '' },
    says: "unknown number format '': did you mean ",
  },
  {
    what: 'a code too wide',
    call: () => decode(256, 'e4m3'),
    facts: { name: 'CodeError', format: 'e4m3', code: 256, bits: 8, index: undefined },
    says: 'e4m3: a code must be an integer in 0 .. 255, got 256',
  },
  {
    what: 'a code too wide among others',
    call: () => codeHistogram([1, 64], 'e2m3'),
    facts: { name: 'CodeError', format: 'e2m3', code: 64, bits: 6, index: 1 },
    says: 'e2m3: a code must be an integer in 0 .. 63, got 64 at index 1',
  },
  {
    what: 'a code too wide to pack',
    call: () => packFp6(Uint8Array.of(64)),
    facts: { name: 'CodeError', format: 'fp6', code: 64, bits: 6, index: 0 },
    says: 'fp6: a code must be an integer in 0 .. 63, got 64 at index 0',
  },
  {
    what: 'NaN into FP4',
    call: () => encode(NaN, 'e2m1'),
    facts: { name: 'UnrepresentableError', format: 'e2m1', value: NaN },
    says: 'e2m1 cannot represent NaN: replace it before encoding, or use a format with NaN',
  },
  {
    what: 'an output too short',
    call: () => encodeArray([1, 2, 3], 'e4m3', new Uint8Array(2)),
    facts: { name: 'LengthError', op: 'encodeArray', array: 'out', expected: 3, got: 2 },
    says: 'encodeArray: out must have 3 elements, got 2',
  },
  {
    what: 'partners of different lengths',
    call: () => sqnr([1], []),
    facts: { name: 'LengthError', op: 'sqnr', array: 'actual', expected: 1, got: 0 },
    says: 'sqnr: actual must have 1 elements, got 0',
  },
  {
    what: 'an odd count of FP4 codes',
    call: () => packFp4(new Uint8Array(3)),
    facts: { name: 'PartialBlockError', op: 'packFp4', array: 'codes', block: 2, got: 3, missing: 1 },
    says: 'packFp4: codes must fill blocks of 2, got 3, 1 too few: pad with code 0',
  },
  {
    what: 'scales that are no powers of two',
    call: () => packUe8m0(Float32Array.of(1, 2, 4, 0.3), [2, 2]),
    facts: {
      name: 'BlockScaleError',
      op: 'packUe8m0',
      row: 1,
      column: 1,
      value: Math.fround(0.3),
    },
    says: 'packUe8m0: the scale of block [1, 1] must be a power of two of 2^-126 .. 2^127 (requantizeUe8m0',
  },
  {
    what: 'a rounding that there is not',
    call: () => encode(1, 'e4m3', { rounding: 'even' as library.Rounding }),
    facts: {
      name: 'ArgumentError',
      op: 'encode',
      argument: 'rounding',
      got: expect.stringContaining('even'),
    },
    says: 'encode: rounding must be nearest, nearest-even',
  },
  {
    what: 'codes of the wrong width',
    call: () => decodeArray(new Uint8Array(1), 'bf16'),
    facts: { name: 'ArgumentError', argument: 'codes' },
    says: 'codes must be a Uint16Array for bf16, got ',
  },
  {
    what: 'parameters outside a family',
    call: () => p3109({ bits: 8, precision: 9 }),
    facts: { name: 'ArgumentError', op: 'p3109', argument: 'precision', got: '9' },
    says: 'p3109: precision must be an integer of 1 .. 7, got 9',
  },
  {
    what: 'a number that is no value of the format',
    call: () => ulpDistance(0.1, 1, 'f32'),
    facts: { name: 'ArgumentError', op: 'ulpDistance', argument: 'a', got: '0.1' },
    says: 'ulpDistance: a must be a value of f32: encode it first, got 0.1',
  },
]

const thrownBy = (call: () => unknown): Error => {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  return expect.unreachable('nothing was thrown')
}

describe.each(misuses)('$what', ({ call, facts, says }) => {
  const error = thrownBy(call)

  it('carries its facts', () => {
    expect(error).toBeInstanceOf(classes.get(facts.name))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject(facts)
  })

  it('says what to do, in one line without noise', () => {
    expect(error.message).toContain(says)
    expect(error.message).not.toMatch(/undefined|\[object|\n/)
    if (!Object.values(error).some(Number.isNaN)) expect(error.message).not.toContain('NaN')
  })
})

it('names every class, and exports it', () => {
  expect(new Set(misuses.map(({ facts }) => facts.name))).toEqual(new Set(classes.keys()))
  for (const [name, Class] of classes) expect(library).toHaveProperty(name, Class)
})

it('keeps messages short and in one line, whatever a file calls its format', () => {
  const name = `\n\u001b[31m${'x'.repeat(1e6)}`
  const error = thrownBy(() => formatInfo(name))
  expect(error).toMatchObject({ name: 'UnknownFormatError', format: name })
  expect(error.message.length).toBeLessThan(200)
  expect(error.message).not.toMatch(/\p{Cc}/u)
  const rounding = `\u2028${'y'.repeat(1e6)}` as library.Rounding
  const { message } = thrownBy(() => encode(1, 'e4m3', { rounding }))
  expect(message.length).toBeLessThan(300)
  expect(message).toContain('\\u2028yyy')
})
