/**
 * Queries against rows of a cache, the weighted sum that all kinds of attention end with. The softmax streams over blocks of
 * positions (running maximum and total, earlier results rescaled), so scratch does not grow with the context. Each query
 * goes its own way through the blocks: its bits do not depend on the others.
 */
import { addRows, addRowsPair, score, scorePair, softmaxStep } from './attend-sums'
import { pagesOf, Placed, position } from './indices'
import { multiplyBy } from './vector'

/** Positions per block: the same as `BLOCK` of `src/wasm/attend-scratch.ts`. */
export const BLOCK: i32 = 64

/** What a thread keeps of the queries of a task. It lies at the beginning of the thread's scratch. */
@unmanaged
export class Attend {
  /** `[queries, width]`. */
  query: usize
  width: i32
  /** `[queries, valueWidth]`. */
  result: usize
  valueWidth: i32
  /** f32 for each query. */
  maxima: usize
  totals: usize
  /** i32 for each query: it sees positions `0 .. seen - 1`. */
  seen: usize
  /** Two blocks of scores. */
  scores: usize
  /** A block of keys and one of values in f32. */
  keys: usize
  values: usize
}

/**
 * Lays `queries` queries out in `scratch`: `attendScratch` of `src/wasm/attend-scratch.ts` says how much that takes.
 * `query` and `result`: where they lie if not in `scratch`; then there is no place for values there either.
 */
export function beginAttend(
  scratch: usize, queries: i32, width: i32, valueWidth: i32, query: usize = 0, result: usize = 0,
): Attend {
  const a = changetype<Attend>(scratch)
  const each = <usize>queries * 4
  a.width = width
  a.valueWidth = valueWidth
  a.scores = scratch + 128
  a.maxima = a.scores + <usize>BLOCK * 8
  a.totals = a.maxima + each
  a.seen = a.totals + each
  a.keys = a.seen + each
  a.values = a.keys + <usize>BLOCK * <usize>width * 4
  a.query = query ? query : a.values + <usize>BLOCK * <usize>valueWidth * 4
  a.result = result ? result : a.query + each * <usize>width
  for (let q: usize = 0; q < each; q += 4) store<f32>(a.maxima + q, -Infinity)
  memory.fill(a.totals, 0, each)
  memory.fill(a.result, 0, each * <usize>valueWidth)
  return a
}

/** Query `q` sees positions `0 .. seen - 1`. */
// @ts-ignore: decorator
@inline
export function setSeen(a: Attend, q: i32, seen: i32): void {
  store<i32>(a.seen + <usize>q * 4, seen)
}

/** Query `q` is `scale * x` and sees `seen` positions. */
export function setQuery(a: Attend, q: i32, x: usize, scale: f32, seen: i32): void {
  multiplyBy(x, scale, a.width, a.query + <usize>q * <usize>a.width * 4)
  setSeen(a, q, seen)
}

/** How many positions from `s` on lie in rows next to each other: at most a block, at most `count - s`, to the page's end. */
// @ts-ignore: decorator
@inline
export function blockAt(d: Placed, s: i32, count: i32): i32 {
  const positions = min(BLOCK, count - s)
  return d.pages ? min(positions, d.pageSize - s % d.pageSize) : positions
}

/** The cache row of position `s` of a token's sequence. */
// @ts-ignore: decorator
@inline
export function rowAt(d: Placed, token: i32, s: i32): usize {
  if (!d.pages) return <usize>s
  const page = s / d.pageSize
  const first = <usize>load<i32>(pagesOf(d, token) + <usize>page * 4) * <usize>d.pageSize
  return first + <usize>(s - page * d.pageSize)
}

/**
 * Queries `first .. first + count - 1` take positions `s .. s + positions - 1`, whose rows begin at `keys` and `values`.
 * Two at a time share what is loaded.
 */
export function attendBlock(
  a: Attend, first: i32, count: i32, s: i32, positions: i32,
  keys: usize, keyStride: usize, values: usize, valueStride: usize,
): void {
  const end = first + count
  const scoresB = a.scores + <usize>BLOCK * 4
  const valueBytes = <usize>a.valueWidth * 4
  for (let q = first; q < end; q++) {
    const seenA = seenOf(a, q, s, positions)
    if (seenA <= 0) continue
    const queryA = a.query + <usize>q * <usize>a.width * 4
    const resultA = a.result + <usize>q * valueBytes
    const seenB = q + 1 < end ? seenOf(a, q + 1, s, positions) : 0
    if (seenB <= 0) {
      score(queryA, keys, keyStride, seenA, a.width, a.scores)
      soften(a, q, a.scores, seenA, resultA)
      addRows(a.scores, values, valueStride, seenA, a.valueWidth, resultA)
      continue
    }
    const queryB = queryA + <usize>a.width * 4
    const resultB = resultA + valueBytes
    scorePair(queryA, queryB, keys, keyStride, seenA, seenB, a.width, a.scores, scoresB)
    soften(a, q, a.scores, seenA, resultA)
    soften(a, q + 1, scoresB, seenB, resultB)
    const both = min(seenA, seenB)
    addRowsPair(a.scores, scoresB, values, valueStride, both, a.valueWidth, resultA, resultB)
    const rest = values + valueStride * <usize>both
    const at = <usize>both * 4
    if (seenA > both) addRows(a.scores + at, rest, valueStride, seenA - both, a.valueWidth, resultA)
    if (seenB > both) addRows(scoresB + at, rest, valueStride, seenB - both, a.valueWidth, resultB)
    q++
  }
}

// @ts-ignore: decorator
@inline
function seenOf(a: Attend, q: i32, s: i32, positions: i32): i32 {
  return min(load<i32>(a.seen + <usize>q * 4) - s, positions)
}

// @ts-ignore: decorator
@inline
function soften(a: Attend, q: i32, scores: usize, seen: i32, result: usize): void {
  softmaxStep(scores, seen, a.maxima + <usize>q * 4, a.totals + <usize>q * 4, a.valueWidth, result)
}

/** The result of query `q`. */
export function endQuery(a: Attend, q: i32, out: usize): void {
  const result = a.result + <usize>q * <usize>a.valueWidth * 4
  multiplyBy(result, 1 / load<f32>(a.totals + <usize>q * 4), a.valueWidth, out)
}

/** Tokens from `first` on, up to `end`, that are of one sequence. */
export function runLength(d: Placed, first: i32, end: i32): i32 {
  if (!d.pages) return end - first
  const pages = pagesOf(d, first)
  let t = first + 1
  while (t < end && pagesOf(d, t) == pages) t++
  return t - first
}

/** The most positions that any of some tokens sees. */
export function mostSeen(d: Placed, first: i32, count: i32): i32 {
  let most = 0
  for (let t = first; t < first + count; t++) most = max(most, position(d, t) + 1)
  return most
}
