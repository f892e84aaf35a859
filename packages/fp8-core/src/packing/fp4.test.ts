/**
 * Pairs of FP4 codes against onnx and torchao (adjacent) and gguf (the orders of GGUF blocks).
 *
 * Mutations seen red: nibbles exchanged (each order, both ways); the two GGUF orders exchanged; blocks of 64; a partial
 * block, a code of five bits or an order `toString` let through; the wrong index of a bad code.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, CodeError, LengthError, PartialBlockError } from '../errors.ts'
import { bytes } from '../golden-file.ts'
import { type NibbleOrder, nibbleOrders, packFp4, unpackFp4 } from './fp4.ts'
import { goldenPacking, hashed } from './golden-packing.ts'

const blocks: Record<NibbleOrder, number> = { adjacent: 2, 'gguf-nvfp4': 16, 'gguf-mxfp4': 32 }

describe('packs and unpacks as', () => {
  it('onnx and torchao do', () => {
    for (const { codes, bytes: packed } of goldenPacking.adjacent.cases) {
      expect(packFp4(bytes(codes))).toEqual(bytes(packed))
      expect(unpackFp4(bytes(packed))).toEqual(bytes(codes))
    }
  })

  it('onnx does an odd count: with code 0 after it', () => {
    const { oddCodes, oddBytes } = goldenPacking.adjacent
    const padded = Uint8Array.of(...bytes(oddCodes), 0)
    expect(packFp4(padded)).toEqual(bytes(oddBytes))
    expect(unpackFp4(bytes(oddBytes)).subarray(0, 7)).toEqual(bytes(oddCodes))
  })

  it.each(['gguf-mxfp4', 'gguf-nvfp4'] as const)('%s', (order) => {
    const { codes, bytes: packed } = goldenPacking[order]
    expect(packFp4(bytes(codes), undefined, { order })).toEqual(bytes(packed))
    expect(unpackFp4(bytes(packed), undefined, { order })).toEqual(bytes(codes))
  })
})

it.each(nibbleOrders)('%s: goes there and back', (order) => {
  const whole = fc
    .integer({ min: 0, max: 5 })
    .chain((n) =>
      fc.uint8Array({ min: 0, max: 15, minLength: n * blocks[order], maxLength: n * blocks[order] }),
    )
  fc.assert(
    fc.property(whole, (codes) => {
      const packed = packFp4(codes, undefined, { order })
      expect(packed).toHaveLength(codes.length / 2)
      expect(unpackFp4(packed, undefined, { order })).toEqual(codes)
    }),
  )
})

it.each(nibbleOrders)('%s: writes into the array of the caller, at its offset', (order) => {
  const codes = hashed(64, 16)
  const memory = new Uint8Array(34).fill(0xaa)
  const out = memory.subarray(1, 33)
  expect(packFp4(codes, out, { order })).toBe(out)
  expect(out).toEqual(packFp4(codes, undefined, { order }))
  expect([memory[0], memory[33]]).toEqual([0xaa, 0xaa])
  const back = new Uint8Array(64).fill(0xaa)
  expect(unpackFp4(out, back, { order })).toBe(back)
  expect(back).toEqual(codes)
})

describe('refuses', () => {
  it.each(nibbleOrders)('%s: what ends within a block, and tells how much to add', (order) => {
    const block = blocks[order]
    expect(() => packFp4(new Uint8Array(block + 1), undefined, { order })).toThrow(
      expect.objectContaining({
        name: 'PartialBlockError',
        op: 'packFp4',
        array: 'codes',
        block,
        got: block + 1,
        missing: block - 1,
        message: expect.stringContaining('pad with code 0'),
      }),
    )
    if (order === 'adjacent') return
    expect(() => unpackFp4(new Uint8Array(17), undefined, { order })).toThrow(PartialBlockError)
  })

  it('a code of five bits, before anything is written', () => {
    const out = new Uint8Array(2).fill(7)
    expect(() => packFp4(Uint8Array.of(1, 15, 16, 3), out)).toThrow(
      new CodeError({ format: 'fp4', code: 16, bits: 4, index: 2 }),
    )
    expect(out).toEqual(Uint8Array.of(7, 7))
    expect(() => packFp4(Uint8Array.of(0, 16))).toThrow(CodeError)
  })

  it('an unfit out, and an order that there is not', () => {
    expect(() => packFp4(new Uint8Array(4), new Uint8Array(3))).toThrow(LengthError)
    expect(() => unpackFp4(new Uint8Array(4), new Uint8Array(7))).toThrow(LengthError)
    for (const order of ['gguf', 'toString', ''] as unknown as NibbleOrder[]) {
      expect(() => packFp4(new Uint8Array(4), undefined, { order })).toThrow(ArgumentError)
      expect(() => unpackFp4(new Uint8Array(4), undefined, { order })).toThrow(ArgumentError)
    }
  })
})
