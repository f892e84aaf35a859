/** Memory of the reference backend: plain JavaScript arrays, decoded on access. */
import { decodeArray } from '@octoscale/fp8-core'
import {
  type BufferHandle,
  byteLength,
  type DType,
  decodeFloats,
  formatOfDType,
  IndexError,
  isBlockScaled,
  type Memory,
  OutOfMemoryError,
  type Tensor,
  type Weight,
} from '@octoscale/tensor'

/** A weight whose rows can be decoded one at a time. */
export interface RowReader {
  readonly rows: number
  readonly columns: number
  /** The exact values of row `r`. */
  row(r: number): Float64Array
}

class ReferenceBuffer implements BufferHandle {
  readonly bytes: number
  readonly label: string
  data: Uint8Array<ArrayBuffer>
  constructor(label: string, data: Uint8Array<ArrayBuffer>) {
    this.bytes = data.byteLength
    this.label = label
    this.data = data
  }
}

export class ReferenceMemory implements Memory {
  readonly #buffers = new Set<BufferHandle>()

  alloc(bytes: number, label: string): BufferHandle {
    try {
      const buffer = new ReferenceBuffer(label, new Uint8Array(bytes))
      this.#buffers.add(buffer)
      return buffer
    } catch (cause) {
      throw new OutOfMemoryError({
        label,
        bytes,
        detail: 'the JavaScript engine has no array of that size',
        cause,
      })
    }
  }

  write(buffer: BufferHandle, data: Uint8Array, offset = 0): void {
    dataOf(buffer).set(data, offset)
  }

  async read(buffer: BufferHandle, offset = 0, bytes: number = buffer.bytes - offset): Promise<Uint8Array> {
    return dataOf(buffer).slice(offset, offset + bytes)
  }

  /** Lets go of the bytes even while somebody holds the handle. */
  free(buffer: BufferHandle): void {
    ;(buffer as ReferenceBuffer).data = new Uint8Array()
    this.#buffers.delete(buffer)
  }

  dispose(): void {
    for (const buffer of this.#buffers) this.free(buffer)
  }

  /** The elements of an f32 tensor, in place. */
  f32(t: Tensor): Float32Array {
    const { buffer, byteOffset } = dataOf(t.buffer)
    return new Float32Array(buffer, byteOffset + t.offset, byteLength(t) / 4)
  }

  /** The elements of an i32 tensor, in place. */
  i32(t: Tensor): Int32Array {
    const { buffer, byteOffset } = dataOf(t.buffer)
    return new Int32Array(buffer, byteOffset + t.offset, byteLength(t) / 4)
  }

  /** The elements of an index tensor, each checked to be in `0 .. limit - 1`. Throws `IndexError`. */
  indices(op: string, name: string, t: Tensor, limit: number): Int32Array {
    const values = this.i32(t)
    for (const index of values) {
      if (index < 0 || index >= limit) throw new IndexError({ op, tensor: name, index, limit })
    }
    return values
  }

  /** The values of an f32, bf16 or f16 tensor; a copy unless f32. */
  floats(t: Tensor): Float32Array {
    return t.dtype === 'f32' ? this.f32(t) : decodeFloats(t.dtype, this.bytes(t))
  }

  /** The bytes of a tensor, in place. */
  bytes(t: Tensor): Uint8Array<ArrayBuffer> {
    return dataOf(t.buffer).subarray(t.offset, t.offset + byteLength(t))
  }

  /**
   * A weight, dense or block-scaled: `value[r, c] = decode(codes[r, c]) * scales[r / block[0], c / block[1]]`, of i8 codes
   * in f32: the product, then the sum with the minimum if there is one.
   */
  weight(weight: Weight): RowReader {
    if (!isBlockScaled(weight)) {
      const [rows = 0, columns = 0] = weight.shape
      const values = this.floats(weight)
      return { rows, columns, row: (r) => Float64Array.from(values.subarray(r * columns, (r + 1) * columns)) }
    }
    const { codes, scales, minimums, block } = weight
    const [rows = 0, columns = 0] = codes.shape
    const bytes = this.bytes(codes)
    const multipliers = this.f32(scales)
    const offsets = minimums === undefined ? undefined : this.f32(minimums)
    const blocksAcross = Math.ceil(columns / block[1])
    const row = (r: number) => {
      const values = decodeCodes(codes.dtype, bytes.subarray(r * columns, (r + 1) * columns))
      const first = Math.floor(r / block[0]) * blocksAcross
      for (let c = 0; c < columns; c++) {
        const place = first + Math.floor(c / block[1])
        values[c]! *= multipliers[place]!
        if (codes.dtype === 'i8') values[c] = Math.fround(values[c]!)
        if (offsets !== undefined) values[c] = Math.fround(values[c]! + offsets[place]!)
      }
      return values
    }
    return { rows, columns, row }
  }
}

/** The numbers that codes of 8 bits stand for, without scales. */
function decodeCodes(dtype: DType, codes: Uint8Array): Float64Array {
  if (dtype === 'i8') return Float64Array.from(new Int8Array(codes.buffer, codes.byteOffset, codes.length))
  const values = new Float64Array(codes.length)
  decodeArray(codes, formatOfDType[dtype as 'f8_e4m3' | 'f8_e5m2'], values)
  return values
}

/** `checked` has made sure that the buffer came from `alloc` above. */
function dataOf(buffer: BufferHandle): Uint8Array<ArrayBuffer> {
  return (buffer as ReferenceBuffer).data
}
