/**
 * What every operation's check is made of. One `OpCheck` lives for one call: dimensions are named, the
 * first tensor that has a name gives its size, and every later one must agree.
 */
import { bytesPerElement, type DType } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import { type BlockScaled, type CacheTensor, isBlockScaled, type Tensor, type Weight } from '../tensor.ts'
import { byteLength, numel, shapeText, validatePlacement } from '../views.ts'
import type { LiveBuffers } from './live-buffers.ts'

/** A dimension: a name to bind or compare, or a size that follows from others, with its formula. */
export type Dim = string | { readonly formula: string; readonly size: number }

export const F32: readonly DType[] = ['f32']
export const I32: readonly DType[] = ['i32']
/** What a table or norm weight may be. */
export const FLOATS: readonly DType[] = ['f32', 'bf16', 'f16']
const CODES: readonly DType[] = ['f8_e4m3', 'f8_e5m2', 'i8']
const I8_BLOCKS = [16, 32]
/** Dimensions that may be 0. */
const MAY_BE_EMPTY: readonly Dim[] = ['tokens', 'rows']

export class OpCheck {
  readonly op: string
  readonly #live: LiveBuffers
  readonly #sizes = new Map<string, number>()

  constructor(op: string, live: LiveBuffers) {
    this.op = op
    this.#live = live
  }

  /** Size of a dimension that an earlier tensor bound. */
  size(name: string): number {
    return this.#sizes.get(name) ?? 0
  }

  /** dtype, rank, every dimension, the place in the buffer, and that the buffer is live. */
  tensor(name: string, t: Tensor, allowed: readonly DType[], dims: readonly Dim[]): void {
    if (!allowed.includes(t.dtype)) {
      throw new DTypeError({ op: this.op, tensor: name, expected: allowed.join(' or '), got: t.dtype })
    }
    let fits = t.shape.length === dims.length
    for (let i = 0; fits && i < dims.length; i++) {
      const dim = dims[i]!
      const expected = typeof dim === 'string' ? this.#sizes.get(dim) : dim.size
      fits =
        expected === t.shape[i] ||
        (expected === undefined && (t.shape[i] !== 0 || MAY_BE_EMPTY.includes(dim)))
    }
    if (!fits) {
      const got = shapeText(t.shape)
      throw new ShapeError({ op: this.op, tensor: name, expected: this.#describe(dims), got })
    }
    for (let i = 0; i < dims.length; i++) {
      const dim = dims[i]!
      if (typeof dim === 'string') this.#sizes.set(dim, t.shape[i]!)
    }
    validatePlacement(this.op, name, t)
    this.#live.check(this.op, name, t.buffer)
  }

  /** Whether there is anything to compute: the result of a check. */
  get hasTokens(): boolean {
    return this.size('tokens') > 0
  }

  /** A dense f32, bf16 or f16 matrix, or FP8 or i8 codes with scales (and minimums) of the right shape. */
  weight(name: string, weight: Weight, dims: readonly [Dim, Dim]): void {
    if (isBlockScaled(weight)) this.#blockScaled(name, weight, dims)
    else this.tensor(name, weight, FLOATS, dims)
  }

  /** `[capacity, ...row]`, dense or E4M3 with scales for groups of a row; rows are whole 32-bit words. */
  cache(name: string, cache: CacheTensor, dims: readonly Dim[]): void {
    if (!isBlockScaled(cache)) {
      this.tensor(name, cache, FLOATS, dims)
      this.#words(name, cache)
      return
    }
    const { codes, scales, block, minimums } = cache
    const group = block[1]
    const groupOk = block.length === 2 && block[0] === 1 && Number.isSafeInteger(group)
    if (!groupOk || group < 4 || group % 4 !== 0) {
      this.#refuse(`${name}.block`, '[1, a multiple of 4 >= 4]', shapeText(block))
    }
    if (minimums !== undefined) this.#refuse(`${name}.minimums`, 'absent: a cache has none', 'a tensor')
    this.tensor(`${name}.codes`, codes, ['f8_e4m3'], dims)
    this.#words(`${name}.codes`, codes)
    this.tensor(`${name}.scales`, scales, F32, [
      { formula: 'capacity', size: codes.shape[0]! },
      { formula: 'ceil(columns / group)', size: Math.ceil(numel(codes.shape.slice(1)) / group) },
    ])
    if (overlap(codes, scales)) this.#refuseOverlap(`${name}.codes`, `${name}.scales`, codes)
  }

  /** Same shape as a tensor that was checked before, for operations on any shape. */
  sameShape(name: string, t: Tensor, allowed: readonly DType[], shape: readonly number[]): void {
    this.tensor(
      name,
      t,
      allowed,
      shape.map((size) => ({ formula: `${size}`, size })),
    )
  }

  /** Throws `ArgumentError` unless `ok`. */
  argument(argument: string, value: number, ok: boolean, expected: string): void {
    if (!ok) this.#refuse(argument, expected, `${value}`)
  }

  /** One of a few words. */
  choice(argument: string, got: string, known: readonly string[]): void {
    if (known.includes(got)) return
    this.#refuse(argument, known.join(' or '), `${got}`)
  }

  /** A positive finite epsilon or factor. */
  positive(argument: string, value: number): void {
    this.argument(argument, value, Number.isFinite(value) && value > 0, 'a finite number > 0')
  }

  /** `written` shares no byte with `other`. */
  disjoint(written: string, t: CacheTensor, name: string, other: Weight | CacheTensor): void {
    for (const part of tensorsOf(t)) {
      for (const read of tensorsOf(other)) if (overlap(part, read)) this.#refuseOverlap(written, name, part)
    }
  }

  /** As `disjoint`, but `other` may also be exactly the same tensor as `written`. */
  sameOrDisjoint(written: string, t: Tensor, name: string, other: Tensor): void {
    const same = t.buffer === other.buffer && t.offset === other.offset && byteLength(t) === byteLength(other)
    if (!same && overlap(t, other)) this.#refuseOverlap(written, name, t)
  }

  #blockScaled(name: string, weight: BlockScaled, dims: readonly [Dim, Dim]): void {
    const { codes, scales, minimums, block } = weight
    const [height, width] = block
    const integers = Number.isSafeInteger(height) && Number.isSafeInteger(width)
    const blockOk = block.length === 2 && integers && height >= 1 && width >= 1
    if (!blockOk) this.#refuse(`${name}.block`, 'two integers >= 1', shapeText(block))
    this.tensor(`${name}.codes`, codes, CODES, dims)
    if (codes.dtype === 'i8' && !(height === 1 && I8_BLOCKS.includes(width))) {
      this.#refuse(`${name}.block`, '[1, 16] or [1, 32] for i8 codes', shapeText(block))
    }
    const scaleDims = [
      { formula: 'ceil(rows / block height)', size: Math.ceil(codes.shape[0]! / height) },
      { formula: 'ceil(columns / block width)', size: Math.ceil(codes.shape[1]! / width) },
    ]
    this.tensor(`${name}.scales`, scales, F32, scaleDims)
    if (minimums === undefined) return
    if (codes.dtype !== 'i8') this.#refuse(`${name}.minimums`, `absent for ${codes.dtype} codes`, 'a tensor')
    this.tensor(`${name}.minimums`, minimums, F32, scaleDims)
  }

  /** Rows and offset in whole 32-bit words. */
  #words(name: string, t: Tensor): void {
    const rowBytes = numel(t.shape.slice(1)) * bytesPerElement(t.dtype)
    if (rowBytes % 4 !== 0) this.#refuse(`bytes of a row of ${name}`, 'a multiple of 4', `${rowBytes}`)
    if (t.offset % 4 !== 0) this.#refuse(`offset of ${name}`, 'a multiple of 4', `${t.offset}`)
  }

  #refuse(argument: string, expected: string, got: string): never {
    throw new ArgumentError({ op: this.op, argument, expected, got })
  }

  #refuseOverlap(written: string, name: string, t: Tensor): never {
    throw new ArgumentError({
      op: this.op,
      argument: written,
      expected: `memory that does not overlap ${name}`,
      got: `an overlap in buffer ${t.buffer.label}`,
    })
  }

  /** `[tokens = 3, hidden]`: names, with sizes where they are known. */
  #describe(dims: readonly Dim[]): string {
    const parts = dims.map((dim) => {
      const [label, size] = typeof dim === 'string' ? [dim, this.#sizes.get(dim)] : [dim.formula, dim.size]
      return size === undefined || label === `${size}` ? label : `${label} = ${size}`
    })
    return `[${parts.join(', ')}]`
  }
}

function overlap(a: Tensor, b: Tensor): boolean {
  if (a.buffer !== b.buffer) return false
  // The larger start lies before both ends; so what is empty overlaps nothing.
  return Math.max(a.offset, b.offset) < Math.min(a.offset + byteLength(a), b.offset + byteLength(b))
}

/** The tensors that a weight or cache consists of. */
export function tensorsOf(value: Weight | CacheTensor): readonly Tensor[] {
  if (!isBlockScaled(value)) return [value]
  const { codes, scales, minimums } = value
  return minimums === undefined ? [codes, scales] : [codes, scales, minimums]
}
