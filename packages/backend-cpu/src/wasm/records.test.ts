/**
 * Records as the compiler laid them out, read back field by field.
 *
 * Mutations seen red: the upper word of an address never written; of a list of addresses never written; the header's fields
 * not left out of an operation's.
 */
import { describe, expect, test } from 'vitest'
import { recordLayouts } from '../generated/record-layouts.ts'
import { type AddressBytes, Heap } from './heap.ts'
import { opcodes } from './opcodes.ts'
import {
  addressList,
  fieldAt,
  operationBytes,
  recordBytes,
  recordOf,
  writeField,
  writeOperation,
  writeRecord,
} from './records.ts'

const heapOf = (addressBytes: AddressBytes): Heap =>
  new Heap(new WebAssembly.Memory({ initial: 1, maximum: 1 }), 16, addressBytes)
const kinds = [
  [4, 'narrow'],
  [8, 'wide'],
] as const

test.each(kinds)(
  'with %i-byte addresses every operation has a record: `generate` when this fails',
  (_, kind) => {
    const missing = Object.keys(opcodes).filter((name) => recordLayouts[kind][recordOf(name)] === undefined)
    expect(missing).toEqual([])
  },
)

test('records of both kinds have the same fields, one after the other, and only addresses become wider', () => {
  expect(Object.keys(recordLayouts.wide)).toEqual(Object.keys(recordLayouts.narrow))
  for (const [name, wide] of Object.entries(recordLayouts.wide)) {
    const narrow = recordLayouts.narrow[name]!
    expect(wide.map(([field]) => field)).toEqual(narrow.map(([field]) => field))
    expect(narrow.every(([, , bytes]) => bytes === 4)).toBe(true)
    expect(wide.every(([, offset, bytes]) => offset % bytes === 0)).toBe(true)
    for (const fields of [narrow, wide]) {
      fields.slice(1).forEach(([, offset], i) => {
        const [, before, bytes] = fields[i]!
        expect(offset).toBeGreaterThanOrEqual(before + bytes)
      })
    }
  }
})

describe.each(kinds)('%i-byte addresses', (addressBytes, kind) => {
  const heap = heapOf(addressBytes)
  /** Larger than 32 bits where a field is. */
  const sample = (i: number, bytes: number): number => (bytes === 8 ? 2 ** 33 + 2 ** 31 + i : 2 ** 31 + i)
  const read = (at: number, bytes: number): number => {
    const view = new DataView(heap.u8.buffer)
    return bytes === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true)
  }

  test.each(Object.keys(opcodes))('%s', (name) => {
    const layout = recordLayouts[kind][recordOf(name)]!.slice(recordLayouts[kind].Descriptor!.length)
    heap.u8.fill(0)
    const opcode = opcodes[name as keyof typeof opcodes]
    writeOperation(
      heap,
      1024,
      opcode,
      layout.map(([, , bytes], i) => sample(i, bytes)),
    )
    expect(heap.u8.subarray(1024, 1024 + 12).every((byte) => byte === 0)).toBe(true)
    layout.forEach(([field, offset, bytes], i) => {
      expect([field, read(1024 + offset, bytes)]).toEqual([field, sample(i, bytes)])
      expect(offset + bytes).toBeLessThanOrEqual(operationBytes(heap, opcode))
    })
  })

  test('a record, one of its fields, and a list of addresses', () => {
    heap.u8.fill(0)
    const layout = recordLayouts[kind].Matrix!
    writeRecord(
      heap,
      256,
      'Matrix',
      layout.map(([, , bytes], i) => sample(i, bytes)),
    )
    layout.forEach(([, offset, bytes], i) => {
      expect(read(256 + offset, bytes)).toBe(sample(i, bytes))
      expect(offset + bytes).toBeLessThanOrEqual(recordBytes(heap, 'Matrix'))
    })
    writeField(heap, 512, 'Control', 'start', sample(7, addressBytes))
    expect(read(512 + 4 * fieldAt(heap, 'Control', 'start'), addressBytes)).toBe(sample(7, addressBytes))
    const list = [0, 1, 2].map((i) => sample(i, addressBytes))
    heap.u8.set(addressList(heap, list), 2048)
    list.forEach((value, i) => {
      expect(read(2048 + i * addressBytes, addressBytes)).toBe(value)
    })
  })
})
