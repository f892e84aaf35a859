/** Records of `assembly/` in memory, written from here: where the compiler put the fields of its classes. */
import { recordLayouts } from '../generated/record-layouts.ts'
import type { Heap } from './heap.ts'
import { opcodes } from './opcodes.ts'

interface Layout {
  readonly bytes: number
  readonly names: readonly string[]
  /** Place of each field, in 32-bit words. */
  readonly words: readonly number[]
  /** Whether each field has 64 bits: an address, or a number of bytes. */
  readonly wide: readonly boolean[]
}

const layouts = { 4: layoutsOf('narrow'), 8: layoutsOf('wide') }

function layoutsOf(kind: 'narrow' | 'wide') {
  const records = new Map<string, Layout>()
  for (const [name, fields] of Object.entries(recordLayouts[kind])) {
    records.set(name, {
      bytes: Math.max(...fields.map(([, offset, bytes]) => offset + bytes)),
      names: fields.map(([field]) => field),
      words: fields.map(([, offset]) => offset / 4),
      wide: fields.map(([, , bytes]) => bytes === 8),
    })
  }
  const header = records.get('Descriptor')!.words.length
  const operations: Layout[] = []
  for (const [name, opcode] of Object.entries(opcodes)) {
    const record = records.get(recordOf(name))
    // One that `generate` has not seen yet; `records.test.ts` tells.
    if (record === undefined) continue
    const { bytes, names, words, wide } = record
    const own = <T>(list: readonly T[]): readonly T[] => list.slice(header)
    operations[opcode] = { bytes, names: own(names), words: own(words), wide: own(wide) }
  }
  return { records, operations }
}

/** The class of `assembly/` that describes the operation `name` of `opcodes`. */
export function recordOf(name: string): string {
  return `${name[0]!.toUpperCase()}${name.slice(1)}Op`
}

/** Bytes of the record `name`, a class of `assembly/`. */
export function recordBytes({ addressBytes }: Heap, name: string): number {
  return layouts[addressBytes].records.get(name)!.bytes
}

/** Writes `fields` to the record `name` at `address`, in the order of its class. */
export function writeRecord(heap: Heap, address: number, name: string, fields: readonly number[]): void {
  writeFields(heap, address, layouts[heap.addressBytes].records.get(name)!, fields)
}

/** Place of a field in the record `name`, in 32-bit words. */
export function fieldAt({ addressBytes }: Heap, name: string, field: string): number {
  const { names, words } = layouts[addressBytes].records.get(name)!
  return words[names.indexOf(field)]!
}

/** Writes one field of the record `name` at `address`. */
export function writeField(heap: Heap, address: number, name: string, field: string, value: number): void {
  const { names, words, wide } = layouts[heap.addressBytes].records.get(name)!
  const i = names.indexOf(field)
  write(heap.i32, address / 4 + words[i]!, wide[i]!, value)
}

/** Bytes of the descriptor of an operation. */
export function operationBytes({ addressBytes }: Heap, opcode: number): number {
  return layouts[addressBytes].operations[opcode]!.bytes
}

/** Writes what follows the header of a descriptor at `address`. */
export function writeOperation(heap: Heap, address: number, opcode: number, fields: readonly number[]): void {
  writeFields(heap, address, layouts[heap.addressBytes].operations[opcode]!, fields)
}

/** Addresses as `assembly/` reads a list of them. */
export function addressList({ addressBytes }: Heap, addresses: readonly number[]): Uint8Array {
  const words = new Uint32Array((addresses.length * addressBytes) / 4)
  addresses.forEach((address, i) => {
    words[(i * addressBytes) / 4] = address
    if (addressBytes === 8) words[2 * i + 1] = upper(address)
  })
  return new Uint8Array(words.buffer)
}

function writeFields(
  { i32 }: Heap,
  address: number,
  { words, wide }: Layout,
  fields: readonly number[],
): void {
  const base = address / 4
  for (let i = 0; i < fields.length; i++) write(i32, base + words[i]!, wide[i]!, fields[i]!)
}

function write(i32: Int32Array, at: number, wide: boolean, value: number): void {
  // The lower 32 bits: what an Int32Array keeps of a larger number.
  i32[at] = value
  if (wide) i32[at + 1] = upper(value)
}

function upper(value: number): number {
  return Math.floor(value / 2 ** 32)
}
