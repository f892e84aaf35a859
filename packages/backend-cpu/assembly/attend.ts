/**
 * The weighted sum of cache rows that both kinds of attention end with. The softmax streams over blocks of positions
 * (running maximum and total, earlier results rescaled), so scratch does not grow with the context.
 */
import { exp, expOne } from './exp'
import { tile4x1 } from './linear-tile'
import { multiplyBy, sum } from './vector'

/** Positions per block: 64 rows of 144 f32 stay in the first-level cache while all heads use them. */
const BLOCK: i32 = 64

/**
 * One token and heads that read the same rows: `out[h] = sum_s p[s] * values[s]` over positions `0 .. count - 1`, with
 * `p = softmax_s(query[h] . keys[s])`. `query`: `[heads, width]`, `out`: `[heads, valueWidth]`, `scratch`:
 * `64 + 2 * heads` f32. `keys` and `values` are the first rows, the next ones a stride further. All heads take a block of
 * positions before the next: the cache is read once, from its beginning to its end.
 * The row of a position is the position itself, or with `pages` (i32, not 0) lies in page `pages[position / pageSize]`.
 */
export function attend(
  query: usize, heads: i32, width: i32, keys: usize, keyStride: usize, values: usize, valueStride: usize,
  valueWidth: i32, pages: usize, pageSize: i32, count: i32, out: usize, scratch: usize,
): void {
  const maxima = scratch + <usize>BLOCK * 4
  const totals = maxima + <usize>heads * 4
  const widthBytes = <usize>width * 4
  const valueBytes = <usize>valueWidth * 4
  for (let h: usize = 0; h < <usize>heads * 4; h += 4) store<f32>(maxima + h, -Infinity)
  memory.fill(totals, 0, <usize>heads * 4)
  memory.fill(out, 0, <usize>heads * valueBytes)
  let positions = 0
  for (let s = 0; s < count; s += positions) {
    positions = min(BLOCK, count - s)
    let row = <usize>s
    if (pages) {
      const page = s / pageSize
      const inPage = s - page * pageSize
      // Rows next to each other end with the page.
      positions = min(positions, pageSize - inPage)
      row = <usize>load<i32>(pages + <usize>page * 4) * <usize>pageSize + <usize>inPage
    }
    for (let h = 0; h < heads; h++) {
      const result = out + <usize>h * valueBytes
      score(query + <usize>h * widthBytes, keys + row * keyStride, keyStride, positions, width, scratch)
      softmaxStep(scratch, positions, maxima + <usize>h * 4, totals + <usize>h * 4, valueWidth, result)
      addRows(scratch, values + row * valueStride, positions, valueStride, valueWidth, result)
    }
  }
  for (let h: usize = 0; h < <usize>heads * 4; h += 4, out += valueBytes) {
    multiplyBy(out, 1 / load<f32>(totals + h), valueWidth, out)
  }
}

/** `scores[s] = query . rows[s]`, four rows at a time; filled up with -Infinity to a multiple of four. */
function score(
  query: usize, rows: usize, rowBytes: usize, positions: i32, width: i32, scores: usize,
): void {
  for (let s = 0; s < positions; s += 4, rows += 4 * rowBytes, scores += 16) {
    const valid = min(4, positions - s)
    if (valid < 4) v128.store(scores, f32x4.splat(-Infinity))
    const r1 = rows + rowBytes * min(1, valid - 1)
    const r2 = rows + rowBytes * min(2, valid - 1)
    const r3 = rows + rowBytes * min(3, valid - 1)
    tile4x1(rows, r1, r2, r3, query, width, scores, valid)
  }
}

/** Scores become `e^(score - maximum)`; maximum, total and `result` are brought up to date. */
function softmaxStep(scores: usize, positions: i32, maximum: usize, total: usize, width: i32, result: usize): void {
  const end = scores + <usize>((positions + 3) & ~3) * 4
  let top4 = v128.load(scores)
  for (let p = scores + 16; p < end; p += 16) top4 = f32x4.max(top4, v128.load(p))
  const blockTop = max<f32>(
    max<f32>(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1)),
    max<f32>(f32x4.extract_lane(top4, 2), f32x4.extract_lane(top4, 3)),
  )
  const before = load<f32>(maximum)
  const top = max<f32>(before, blockTop)
  let sums = f32x4.splat(0)
  for (let p = scores; p < end; p += 16) {
    const e = exp(f32x4.sub(v128.load(p), f32x4.splat(top)))
    v128.store(p, e)
    sums = f32x4.add(sums, e)
  }
  let earlier: f32 = 1
  if (top != before) {
    earlier = expOne(before - top)
    multiplyBy(result, earlier, width, result)
  }
  store<f32>(maximum, top)
  store<f32>(total, load<f32>(total) * earlier + sum(sums))
}

/** `result[r] += sum_s weights[s] * rows[s, r]`, 16 columns at a time in registers. */
function addRows(weights: usize, rows: usize, positions: i32, stride: usize, width: i32, result: usize): void {
  const end = weights + <usize>positions * 4
  let r = 0
  for (; r + 16 <= width; r += 16, rows += 64, result += 64) {
    let a0 = v128.load(result)
    let a1 = v128.load(result, 16)
    let a2 = v128.load(result, 32)
    let a3 = v128.load(result, 48)
    let row = rows
    for (let p = weights; p < end; p += 4, row += stride) {
      const weight = v128.load_splat<f32>(p)
      a0 = f32x4.add(a0, f32x4.mul(weight, v128.load(row)))
      a1 = f32x4.add(a1, f32x4.mul(weight, v128.load(row, 16)))
      a2 = f32x4.add(a2, f32x4.mul(weight, v128.load(row, 32)))
      a3 = f32x4.add(a3, f32x4.mul(weight, v128.load(row, 48)))
    }
    v128.store(result, a0)
    v128.store(result, a1, 16)
    v128.store(result, a2, 32)
    v128.store(result, a3, 48)
  }
  for (; r < width; r++, rows += 4, result += 4) {
    let total = load<f32>(result)
    let row = rows
    for (let p = weights; p < end; p += 4, row += stride) total += load<f32>(p) * load<f32>(row)
    store<f32>(result, total)
  }
}
