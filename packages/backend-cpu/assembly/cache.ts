/** The rows of a cache as f32, whatever it stores: see `CacheTensor` of the contract. */
import { bytesPerElement, decode, Kind } from './decode-run'
import { storeBf16, storeE4m3, storeF16 } from './store-row'

/**
 * Part of a descriptor: five of its fields in this order, of which the first is `data`. Addresses come first so that the
 * fields lie in a descriptor as they do here.
 */
@unmanaged
export class Cache {
  /** `[capacity, columns]` elements of `kind`. */
  data: usize
  /** Of E4M3: f32 `[capacity, ceil(columns / group)]`. */
  scales: usize
  kind: i32
  columns: i32
  group: i32
}

// @ts-ignore: decorator
@inline
function rowBytes(cache: Cache): usize {
  return <usize>cache.columns * <usize>bytesPerElement(cache.kind)
}

/** Address of the scales of a row. */
// @ts-ignore: decorator
@inline
function scalesOf(cache: Cache, row: usize): usize {
  return cache.scales + row * <usize>((cache.columns + cache.group - 1) / cache.group) * 4
}

/** Bytes between the rows that `rowsOf` gives. */
// @ts-ignore: decorator
@inline
export function strideOf(cache: Cache, width: i32): usize {
  return <usize>(cache.kind == Kind.F32 ? cache.columns : width) * 4
}

/**
 * Address of f32 rows `first .. first + count - 1`, of each the columns `column .. column + width - 1`: where the cache
 * has them, or decoded to `panel`, `count * width` f32.
 */
export function rowsOf(cache: Cache, first: usize, count: i32, column: i32, width: i32, panel: usize): usize {
  const bytes = rowBytes(cache)
  const size = <usize>bytesPerElement(cache.kind)
  let source = cache.data + first * bytes + <usize>column * size
  if (cache.kind == Kind.F32) return source
  let target = panel
  for (let row = first; row < first + <usize>count; row++, source += bytes, target += <usize>width * 4) {
    if (cache.kind != Kind.E4M3) {
      decode(cache.kind, source, width, 1, target)
      continue
    }
    const scales = scalesOf(cache, row)
    let taken = 0
    while (taken < width) {
      const group = (column + taken) / cache.group
      const end = min(width, (group + 1) * cache.group - column)
      const scale = load<f32>(scales + <usize>group * 4)
      decode(Kind.E4M3, source + <usize>taken, end - taken, scale, target + <usize>taken * 4)
      taken = end
    }
  }
  return panel
}

/** Rounds `values`, `columns` f32, into a row. */
export function storeRow(cache: Cache, row: usize, values: usize): void {
  const target = cache.data + row * rowBytes(cache)
  if (cache.kind == Kind.F32) memory.copy(target, values, rowBytes(cache))
  else if (cache.kind == Kind.BF16) storeBf16(values, cache.columns, target)
  else if (cache.kind == Kind.F16) storeF16(values, cache.columns, target)
  else {
    let scale = scalesOf(cache, row)
    for (let begin = 0; begin < cache.columns; begin += cache.group, scale += 4) {
      const count = min(cache.group, cache.columns - begin)
      store<f32>(scale, storeE4m3(values + <usize>begin * 4, count, target + <usize>begin))
    }
  }
}
