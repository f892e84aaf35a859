/** Runs of stored elements to f32. */
import { ownScratch } from './control'
import {
  allNormal,
  biasBits,
  correctE4m3,
  f16ToF32,
  firstNormal,
  highBf16,
  highBytes,
  highE4m3,
  lowBf16,
  lowBytes,
  lowE4m3,
  magnitudeBits,
  placeBits,
} from './decode'

/** How elements are stored: the numbers of `kinds` in `src/wasm/runtime.ts`. */
export namespace Kind {
  export const F32: i32 = 0
  export const BF16: i32 = 1
  export const F16: i32 = 2
  export const E4M3: i32 = 3
  export const E5M2: i32 = 4
  /** `int8.ts`; not decoded here. */
  export const INT8: i32 = 5
  /** i8 with scales for blocks of 16 or 32 columns: `matrix.ts`. */
  export const INTEGERS: i32 = 6
}

// @ts-ignore: decorator
@inline
export function bytesPerElement(kind: i32): i32 {
  return kind == Kind.F32 ? 4 : kind >= Kind.E4M3 ? 1 : 2
}

/** `destination[i] = scale * value(source[i])` for `count` elements. */
export function decode(kind: i32, source: usize, count: i32, scale: f32, destination: usize): void {
  const whole = count & ~15
  decodeWhole(kind, source, whole, scale, destination)
  if (whole == count) return
  // Fewer than 16 elements: through a copy, so that nothing is read or written beyond them.
  const stored = ownScratch
  const decoded = ownScratch + 64
  memory.copy(stored, source + <usize>whole * bytesPerElement(kind), <usize>(count - whole) * bytesPerElement(kind))
  decodeWhole(kind, stored, 16, scale, decoded)
  memory.copy(destination + <usize>whole * 4, decoded, <usize>(count - whole) * 4)
}

/** The same for a multiple of 16 elements. */
function decodeWhole(kind: i32, source: usize, count: i32, scale: f32, destination: usize): void {
  const end = source + <usize>count * bytesPerElement(kind)
  const s = f32x4.splat(scale)
  if (kind == Kind.E4M3) {
    decodeE4m3(source, end, s, destination)
  } else if (kind == Kind.BF16) {
    for (; source < end; source += 16, destination += 32) decodeBf16(v128.load(source), s, destination)
  } else if (kind == Kind.F16) {
    for (; source < end; source += 16, destination += 32) decodeF16(v128.load(source), s, destination)
  } else if (kind == Kind.E5M2) {
    for (; source < end; source += 16, destination += 64) {
      const codes = v128.load(source)
      decodeF16(lowBytes(codes), s, destination)
      decodeF16(highBytes(codes), s, destination + 32)
    }
  } else {
    for (; source < end; source += 16, destination += 16) v128.store(destination, f32x4.mul(v128.load(source), s))
  }
}

function decodeE4m3(source: usize, end: usize, scale: v128, destination: usize): void {
  const place = placeBits()
  const bias = biasBits()
  const bits = magnitudeBits()
  const first = firstNormal()
  for (; source < end; source += 16, destination += 64) {
    const codes = v128.load(source)
    const low = lowE4m3(codes, place, bias)
    const high = highE4m3(codes, place, bias)
    const magnitude = v128.and(codes, bits)
    if (allNormal(magnitude, magnitude, first)) {
      decodeBf16(low, scale, destination)
      decodeBf16(high, scale, destination + 32)
    } else {
      v128.store(destination, f32x4.mul(correctE4m3(lowBf16(low)), scale))
      v128.store(destination, f32x4.mul(correctE4m3(highBf16(low)), scale), 16)
      v128.store(destination, f32x4.mul(correctE4m3(lowBf16(high)), scale), 32)
      v128.store(destination, f32x4.mul(correctE4m3(highBf16(high)), scale), 48)
    }
  }
}

// @ts-ignore: decorator
@inline
function decodeBf16(v: v128, scale: v128, destination: usize): void {
  v128.store(destination, f32x4.mul(lowBf16(v), scale))
  v128.store(destination, f32x4.mul(highBf16(v), scale), 16)
}

// @ts-ignore: decorator
@inline
function decodeF16(v: v128, scale: v128, destination: usize): void {
  v128.store(destination, f32x4.mul(f16ToF32(i32x4.extend_low_i16x8_s(v)), scale))
  v128.store(destination, f32x4.mul(f16ToF32(i32x4.extend_high_i16x8_s(v)), scale), 16)
}
