/**
 * What every operation's check is made of. One `OpCheck` lives for one call: dimensions are named, the
 * first tensor that has a name gives its size, and every later one must agree.
 */
import type { DType } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import { type BlockScaled, isBlockScaled, type Tensor, type Weight } from '../tensor.ts'
import { byteLength, shapeText, validatePlacement } from '../views.ts'
import type { LiveBuffers } from './live-buffers.ts'

/** A dimension: a name to bind or compare, or a size that follows from others, with its formula. */
export type Dim = string | { readonly formula: string; readonly size: number }

export const F32: readonly DType[] = ['f32']
export const I32: readonly DType[] = ['i32']
/** What a table or norm weight may be. */
export const FLOATS: readonly DType[] = ['f32', 'bf16', 'f16']
const FP8: readonly DType[] = ['f8_e4m3', 'f8_e5m2']
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

  /** A dense f32, bf16 or f16 matrix, or FP8 codes with scales of the right shape. */
  weight(name: string, weight: Weight, dims: readonly [Dim, Dim]): void {
    if (isBlockScaled(weight)) this.#blockScaled(name, weight, dims)
    else this.tensor(name, weight, FLOATS, dims)
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
    if (!ok) throw new ArgumentError({ op: this.op, argument, expected, got: `${value}` })
  }

  /** One of a few words. */
  choice(argument: string, got: string, known: readonly string[]): void {
    if (known.includes(got)) return
    const expected = known.join(' or ')
    throw new ArgumentError({ op: this.op, argument, expected, got: `${got}` })
  }

  /** A positive finite epsilon or factor. */
  positive(argument: string, value: number): void {
    this.argument(argument, value, Number.isFinite(value) && value > 0, 'a finite number > 0')
  }

  /** `written` shares no byte with `other`. */
  disjoint(written: string, t: Tensor, name: string, other: Weight): void {
    const clash = isBlockScaled(other)
      ? overlap(t, other.codes) || overlap(t, other.scales)
      : overlap(t, other)
    if (clash) this.#refuseOverlap(written, name, t)
  }

  /** As `disjoint`, but `other` may also be exactly the same tensor as `written`. */
  sameOrDisjoint(written: string, t: Tensor, name: string, other: Tensor): void {
    const same = t.buffer === other.buffer && t.offset === other.offset && byteLength(t) === byteLength(other)
    if (!same && overlap(t, other)) this.#refuseOverlap(written, name, t)
  }

  #blockScaled(name: string, weight: BlockScaled, dims: readonly [Dim, Dim]): void {
    const { codes, scales, block } = weight
    const [height, width] = block
    const integers = Number.isSafeInteger(height) && Number.isSafeInteger(width)
    const blockOk = block.length === 2 && integers && height >= 1 && width >= 1
    if (!blockOk) {
      const got = shapeText(block)
      throw new ArgumentError({ op: this.op, argument: `${name}.block`, expected: 'two integers >= 1', got })
    }
    this.tensor(`${name}.codes`, codes, FP8, dims)
    const down = Math.ceil(codes.shape[0]! / height)
    const across = Math.ceil(codes.shape[1]! / width)
    this.tensor(`${name}.scales`, scales, F32, [
      { formula: 'ceil(rows / block height)', size: down },
      { formula: 'ceil(columns / block width)', size: across },
    ])
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
