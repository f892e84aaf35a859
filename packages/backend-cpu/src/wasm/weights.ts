/** Weights as kernels see them: records `Matrix` of `assembly/matrix.ts`, kept as long as their buffers. */
import {
  ArgumentError,
  type BlockScaled,
  type BufferHandle,
  byteLength,
  type Expert,
  isBlockScaled,
  type Tensor,
  type Weight,
  weightShape,
} from '@octoscale/tensor'
import type { Heap } from './heap.ts'
import { codeSumBytes, int8Kind, int8ScaleBytes, kindOf } from './kinds.ts'
import { opcodes } from './opcodes.ts'
import type { Recorder } from './recorder.ts'
import { addressList, recordBytes, writeRecord } from './records.ts'

/** What a record was made of, and where it is. */
interface Known {
  readonly facts: readonly (number | BufferHandle)[]
  /** Bytes of the buffer that it is about. */
  readonly from: number
  readonly to: number
  /**
   * For the policy `int8`: codes in the place of what was stored, or beside it; or sums beside i8 codes that stay.
   */
  readonly recoded: 'no' | 'in place' | 'beside' | 'sums'
  /** Buffers whose bytes it was made of. */
  readonly sources: readonly BufferHandle[]
  /** The record first, then what it needs. */
  readonly memory: readonly BufferHandle[]
  readonly address: number
  current: boolean
}

type Use = 'stored' | 'int8'

export class Weights {
  readonly #heap: Heap
  readonly #recorder: Recorder
  /** The quick way: most callers keep their weights. */
  readonly #quick = { stored: new WeakMap<Weight, Known>(), int8: new WeakMap<Weight, Known>() }
  readonly #byBuffer = new Map<BufferHandle, Known[]>()
  /** Buffers that are also read in another way than as the weight of a product: they stay as they are. */
  readonly #kept = new WeakSet<BufferHandle>()

  constructor(heap: Heap, recorder: Recorder) {
    this.#heap = heap
    this.#recorder = recorder
  }

  /** Address of the record of `weight`, as it is stored. */
  record(weight: Weight): number {
    return this.#find('stored', weight).address
  }

  /** The same after its codes became int8, which is done now if it was not before. */
  int8(weight: Weight): number {
    return this.#find('int8', weight).address
  }

  /** Address of the records of `experts`, one after the other: `ExpertRecord` of `assembly/moe.ts`. */
  experts(experts: readonly Expert[], use: Use): number {
    const records = experts.flatMap(({ gate, up, down }) =>
      [gate, up, down].map((each) => this.#find(use, each).address),
    )
    const list = addressList(this.#heap, records)
    const table = this.#heap.scratch('experts', list.byteLength)
    this.#recorder.write(table, list)
    return table
  }

  /** `t` is read as it is stored, now and later. */
  keep(t: Tensor): void {
    this.#assertStored(t.buffer, t.offset, t.offset + byteLength(t))
    this.#kept.add(t.buffer)
  }

  /** Bytes of `buffer` are about to be written: what was made of them is no longer true. */
  changed(buffer: BufferHandle, from: number, to: number): void {
    for (const known of this.#byBuffer.get(buffer) ?? []) {
      if (known.recoded === 'sums') this.#drop(known)
      if (known.recoded === 'no' || known.recoded === 'sums') continue
      if (to <= known.from || known.to <= from) continue
      if (known.recoded === 'in place' && (from > known.from || to < known.to)) {
        throw recodedError('write', buffer, 'all bytes of the weight at once')
      }
      this.#drop(known)
    }
  }

  /** A buffer is about to be freed: its records go with it. */
  forget(buffer: BufferHandle): void {
    for (const known of this.#byBuffer.get(buffer) ?? []) this.#drop(known)
  }

  #drop(known: Known): void {
    known.current = false
    for (const piece of known.memory) this.#heap.free(piece)
    for (const buffer of known.sources) {
      const rest = (this.#byBuffer.get(buffer) ?? []).filter((each) => each !== known)
      if (rest.length > 0) this.#byBuffer.set(buffer, rest)
      else this.#byBuffer.delete(buffer)
    }
  }

  #find(use: Use, weight: Weight): Known {
    const quick = this.#quick[use].get(weight)
    if (quick?.current) return quick
    const stored = isBlockScaled(weight) ? weight.codes : weight
    const facts = factsOf(weight)
    const same = (each: Known) =>
      (each.recoded === 'no') === (use === 'stored') && each.facts.every((fact, i) => fact === facts[i])
    const found =
      this.#byBuffer.get(stored.buffer)?.find(same) ??
      (use === 'stored' ? this.#describe(weight, stored, facts) : this.#forInt8(weight, stored, facts))
    this.#quick[use].set(weight, found)
    return found
  }

  #describe(weight: Weight, stored: Tensor, facts: Known['facts']): Known {
    const [from, to] = [stored.offset, stored.offset + byteLength(stored)]
    this.#assertStored(stored.buffer, from, to)
    const [record, address] = this.#write(this.#storedFields(weight))
    return this.#add({
      facts,
      from,
      to,
      recoded: 'no',
      sources: [stored.buffer],
      memory: [record],
      address,
      current: true,
    })
  }

  #forInt8(weight: Weight, stored: Tensor, facts: Known['facts']): Known {
    const integers = isBlockScaled(weight) && weight.codes.dtype === 'i8'
    return integers ? this.#sum(weight, facts) : this.#recode(weight, stored, facts)
  }

  /** i8 codes stay as they are, with sums of them beside: `assembly/integers.ts`. */
  #sum(weight: BlockScaled, facts: Known['facts']): Known {
    const { codes, scales, minimums } = weight
    const [rows, columns] = codes.shape as [number, number]
    const [from, to] = [codes.offset, codes.offset + byteLength(codes)]
    this.#assertStored(codes.buffer, from, to)
    const sums = this.#heap.alloc(codeSumBytes(rows, columns), `int8 sums of ${codes.buffer.label}`)
    const [, ...fields] = this.#storedFields(weight)
    const [record, address] = this.#write([int8Kind, ...fields, this.#heap.addressOf('sums', sums)])
    this.#recorder.op(opcodes.sumCodes, [address, rows])
    const buffers = new Set(
      [codes, scales, ...(minimums === undefined ? [] : [minimums])].map((t) => t.buffer),
    )
    return this.#add({
      facts,
      from,
      to,
      recoded: 'sums',
      sources: [...buffers],
      memory: [record, sums],
      address,
      current: true,
    })
  }

  #recode(weight: Weight, stored: Tensor, facts: Known['facts']): Known {
    const [rows, columns] = weightShape(weight) as [number, number]
    const { buffer, offset } = stored
    const [from, to] = [offset, offset + byteLength(stored)]
    this.#assertStored(buffer, from, to)
    const [source, sourceAddress] = this.#write(this.#storedFields(weight))
    const others = this.#byBuffer.get(buffer) ?? []
    const beside = this.#kept.has(buffer) || others.some((each) => each.from < to && from < each.to)
    const codes = beside ? this.#heap.alloc(rows * columns, `int8 codes of ${buffer.label}`) : undefined
    const data = codes === undefined ? this.#heap.address(stored) : this.#heap.addressOf('codes', codes)
    const rowBytes = codes === undefined ? (to - from) / rows : columns
    const scales = this.#heap.alloc(int8ScaleBytes(rows, columns), `int8 scales of ${buffer.label}`)
    const factors = this.#heap.addressOf('scales', scales)
    const blocks = int8ScaleBytes(1, columns) / 32
    const [record, address] = this.#write([int8Kind, columns, data, factors, 0, 0, blocks, rowBytes])
    const panelBytes = Math.ceil((columns * 4) / 16) * 16
    const panel = this.#heap.scratch('panel', panelBytes * this.#recorder.threads)
    this.#recorder.op(opcodes.recode, [sourceAddress, rows, address, panel, panelBytes])
    this.#heap.free(source)
    const memory = [record, scales, ...(codes === undefined ? [] : [codes])]
    const recoded = codes === undefined ? 'in place' : 'beside'
    return this.#add({ facts, from, to, recoded, sources: [buffer], memory, address, current: true })
  }

  #add(known: Known): Known {
    for (const buffer of known.sources) {
      this.#byBuffer.set(buffer, [...(this.#byBuffer.get(buffer) ?? []), known])
    }
    return known
  }

  #write(fields: readonly number[]): readonly [BufferHandle, number] {
    const record = this.#heap.alloc(recordBytes(this.#heap, 'Matrix'), 'record of a weight')
    const address = this.#heap.addressOf('record', record)
    // New memory: no operation on its way knows it.
    writeRecord(this.#heap, address, 'Matrix', fields)
    return [record, address]
  }

  #storedFields(weight: Weight): number[] {
    const [rows, columns] = weightShape(weight) as [number, number]
    if (!isBlockScaled(weight)) {
      return [kindOf(weight.dtype), columns, this.#heap.address(weight), 0, 0, 0, 0, 0, 0]
    }
    const { codes, scales, block, minimums } = weight
    const [data, factors] = [this.#heap.address(codes), this.#heap.address(scales)]
    const least = minimums === undefined ? 0 : this.#heap.address(minimums)
    // A block may be larger than its matrix, and than an i32.
    const height = Math.min(block[0], rows)
    const width = codes.dtype === 'i8' ? block[1] : Math.min(block[1], columns)
    return [kindOf(codes.dtype), columns, data, factors, height, width, scales.shape[1]!, 0, least]
  }

  #assertStored(buffer: BufferHandle, from: number, to: number): void {
    for (const known of this.#byBuffer.get(buffer) ?? []) {
      if (known.recoded !== 'in place' || to <= known.from || known.to <= from) continue
      throw recodedError('int8', buffer, 'a tensor of its own: it is the weight of a product')
    }
  }
}

function factsOf(weight: Weight): (number | BufferHandle)[] {
  const [rows = 0, columns = 0] = weightShape(weight)
  if (!isBlockScaled(weight)) return [weight.offset, kindOf(weight.dtype), rows, columns]
  const { codes, scales, block, minimums } = weight
  const least = minimums === undefined ? [0, 0] : [minimums.buffer, minimums.offset]
  return [codes.offset, kindOf(codes.dtype), rows, columns, scales.buffer, scales.offset, ...block, ...least]
}

function recodedError(op: string, { label }: BufferHandle, expected: string): ArgumentError {
  const got = 'one whose bytes the policy int8 has replaced by its codes'
  return new ArgumentError({ op, argument: `buffer ${label}`, expected, got })
}
