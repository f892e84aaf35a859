import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { bytesSource } from './byte-source.ts'
import { openSafetensors } from './safetensors.ts'
import { type SafetensorsDType, safetensorsDTypes } from './safetensors-dtypes.ts'
import { goldenFolder } from './test-files.ts'
import { type TensorToWrite, writeSafetensors } from './write-safetensors.ts'

describe.each(['all-dtypes', 'fp6', 'no-tensors', 'sharded/model-00001-of-00002'])('%s', (name) => {
  test('is written byte for byte as by Python, from any order of tensors', async () => {
    const original = new Uint8Array(readFileSync(`${goldenFolder}${name}.safetensors`))
    const file = await openSafetensors(bytesSource(name, original))
    const tensors: Record<string, TensorToWrite> = {}
    for (const tensor of [...file.names].reverse()) {
      const { dtype, shape } = await file.info(tensor)
      tensors[tensor] = { dtype: dtype as SafetensorsDType, shape, data: await file.read(tensor) }
    }
    const metadata = Object.fromEntries([...file.metadata].reverse())
    const written = writeSafetensors(tensors, file.metadata.size === 0 ? undefined : metadata)
    expect(Buffer.from(written).equals(Buffer.from(original))).toBe(true)
  })
})

test('what is written can be read', async () => {
  const bytewise = Object.keys(safetensorsDTypes).filter(
    (dtype) => safetensorsDTypes[dtype as SafetensorsDType].bits % 8 === 0,
  ) as SafetensorsDType[]
  const tensor = fc
    .record({
      dtype: fc.constantFrom(...bytewise),
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      fill: fc.nat(255),
    })
    .map(({ dtype, shape, fill }): TensorToWrite => {
      const count = shape.reduce((product, size) => product * size, 1)
      return { dtype, shape, data: new Uint8Array((count * safetensorsDTypes[dtype].bits) / 8).fill(fill) }
    })
  const names = fc
    .string({ unit: 'grapheme' })
    .filter((name) => !['__metadata__', '__proto__'].includes(name))
  const files = fc.dictionary(names, tensor, { maxKeys: 6 })
  const metadata = fc.dictionary(names, fc.string({ unit: 'grapheme' }), { maxKeys: 3 })
  await fc.assert(
    fc.asyncProperty(files, metadata, async (tensors, facts) => {
      const file = await openSafetensors(bytesSource('test', writeSafetensors(tensors, facts)))
      expect(Object.fromEntries(file.metadata)).toEqual({ ...facts })
      expect(new Set(file.names)).toEqual(new Set(Object.keys(tensors)))
      for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
        expect(await file.info(name)).toMatchObject({ dtype, shape })
        expect(await file.read(name)).toEqual(data)
      }
    }),
    { numRuns: 100 },
  )
})

test('data of another size than the shape, and reserved or invalid names, are refused', () => {
  const tensor: TensorToWrite = { dtype: 'F32', shape: [2], data: new Uint8Array(8) }
  expect(() => writeSafetensors({ a: { ...tensor, shape: [3] } })).toThrow(
    'tensor "a" must be 12 bytes for F32 [3], got 8',
  )
  expect(() => writeSafetensors({ __metadata__: tensor })).toThrow(ArgumentError)
  expect(() => writeSafetensors({ '\ud800': tensor })).toThrow(ArgumentError)
})

test('names are in the order of their UTF-8, which is not that of UTF-16', async () => {
  const tensor: TensorToWrite = { dtype: 'U8', shape: [0], data: new Uint8Array() }
  const names = ['', 'a', 'a\u{ff5e}', 'a\u{10000}', 'a\u{10000}b', 'a\u{10001}', 'b']
  const shuffled = Object.fromEntries([3, 0, 5, 2, 6, 1, 4].map((i) => [names[i], tensor]))
  expect((await openSafetensors(writeSafetensors(shuffled))).names).toEqual(names)
})
