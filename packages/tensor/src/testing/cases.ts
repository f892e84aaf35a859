/**
 * The conformance cases as data: shapes of real models (DeepSeek-V3: hidden 7168, latent 512 + 64, 256 experts
 * in 8 groups, blocks of 128; Llama, Qwen and SmolLM2 heads) and awkward ones (no token, 1 token, 1 element, odd head
 * counts, sizes that are no multiple of a block or of a vector, all experts on one token), and every kind of weight and cache. Inputs follow from the seed; `inputs.ts` makes them.
 */
import type { ConformanceCase, LinearCase, WeightKind } from './case-types.ts'
import { specialTokens } from './special-values.ts'

/** DeepSeek's weights: E4M3 in blocks of 128 x 128, scales powers of two. */
const v31: WeightKind = { format: 'f8_e4m3', block: [128, 128], scales: 'ue8m0' }
/** The same with V3's scales. */
const v3: WeightKind = { format: 'f8_e4m3', block: [128, 128], scales: 'f32' }
const e5m2: WeightKind = { format: 'f8_e5m2', block: [128, 128], scales: 'ue8m0' }
const smallBlocks: WeightKind = { format: 'f8_e4m3', block: [32, 64], scales: 'f32' }
/** As Q8_0 of GGUF, Q4_1 (with minimums), Q6_K and Q2_K (with minimums). */
const q8: WeightKind = { format: 'i8', block: [1, 32], minimums: false }
const q4m: WeightKind = { format: 'i8', block: [1, 32], minimums: true }
const q6k: WeightKind = { format: 'i8', block: [1, 16], minimums: false }
const q2k: WeightKind = { format: 'i8', block: [1, 16], minimums: true }
/** E4M3 caches; a row of DeepSeek's 576 ends with half a group. */
const e4m3 = { group: 128 } as const

const linear = (
  name: string,
  seed: number,
  [tokens, inputs, outputs]: readonly [number, number, number],
  weight: WeightKind,
  more: Partial<Pick<LinearCase, 'x' | 'offset'>> = {},
): LinearCase => ({ op: 'linear', name, seed, tokens, inputs, outputs, weight, x: 'normal', ...more })

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

// biome-ignore format: one row per case
export const conformanceCases: readonly ConformanceCase[] = [
  { op: 'embed', name: 'one token', seed: 1, vocabulary: 11, hidden: 7, table: 'f32', ids: [10] },
  { op: 'embed', name: 'bf16, first, last and repeated', seed: 2, vocabulary: 300, hidden: 256, table: 'bf16', ids: [0, 299, 7, 7] },
  { op: 'embed', name: 'f16, odd width, offset', seed: 3, vocabulary: 5, hidden: 33, table: 'f16', ids: [4, 0, 1], offset: 12 },
  { op: 'embed', name: 'i8 in blocks of 32', seed: 5, vocabulary: 40, hidden: 256, table: q8, ids: [39, 0, 3, 3] },
  { op: 'embed', name: 'i8 in blocks of 16 with minimums, partial block, offset', seed: 6, vocabulary: 9, hidden: 44, table: q2k, ids: [8, 1], offset: 12 },
  { op: 'embed', name: 'i8 in blocks of 32 with minimums, odd width', seed: 7, vocabulary: 6, hidden: 37, table: q4m, ids: [5, 2, 0] },
  { op: 'embed', name: 'i8 in blocks of 16', seed: 8, vocabulary: 7, hidden: 64, table: q6k, ids: [6] },
  { op: 'embed', name: 'E4M3, rows of two blocks, offset', seed: 9, vocabulary: 140, hidden: 136, table: v31, ids: [139, 127, 128], offset: 12 },
  { op: 'embed', name: 'E5M2, odd width', seed: 10, vocabulary: 5, hidden: 33, table: e5m2, ids: [4, 0] },
  { op: 'embed', name: 'one element', seed: 4, vocabulary: 1, hidden: 1, table: 'bf16', ids: [0] },

  { op: 'selectRows', name: 'last row', seed: 11, tokens: 9, hidden: 256, rows: [8] },
  { op: 'selectRows', name: 'out of order and repeated, offset', seed: 12, tokens: 5, hidden: 37, rows: [4, 0, 4, 2], offset: 12 },
  { op: 'selectRows', name: 'bits of any meaning', seed: 13, tokens: 7, hidden: 131, rows: [6, 0, 6, 3, 2], dtype: 'i32' },

  { op: 'rmsNorm', name: 'DeepSeek-V3, one token, residual', seed: 21, tokens: 1, hidden: 7168, weight: 'bf16', residual: true, inPlace: false, deviation: 1 },
  { op: 'rmsNorm', name: 'in place', seed: 22, tokens: 4, hidden: 256, weight: 'f32', residual: false, inPlace: true, deviation: 3 },
  { op: 'rmsNorm', name: 'in place with residual, odd width, offset', seed: 23, tokens: 3, hidden: 97, weight: 'f16', residual: true, inPlace: true, deviation: 1, offset: 12 },
  { op: 'rmsNorm', name: 'inputs so small that epsilon counts', seed: 24, tokens: 2, hidden: 64, weight: 'f32', residual: false, inPlace: false, deviation: 1e-3 },
  { op: 'rmsNorm', name: 'one element', seed: 25, tokens: 1, hidden: 1, weight: 'bf16', residual: true, inPlace: false, deviation: 1 },

  linear('kv_a_proj of DeepSeek-V3: 576 rows are 4.5 blocks', 31, [1, 7168, 576], v31),
  linear('q_b_proj of DeepSeek-V3, two heads', 32, [2, 1536, 384], v3),
  linear('partial blocks both ways', 33, [3, 130, 70], v3),
  linear('partial blocks both ways, powers of two, offset', 34, [1, 200, 129], v31, { offset: 12 }),
  linear('blocks of 32 x 64', 35, [5, 150, 45], smallBlocks),
  linear('E5M2', 36, [2, 384, 200], e5m2),
  linear('E4M3, every finite code exactly', 37, [256, 256, 256], v31, { x: 'one-hot' }),
  linear('E5M2, every finite code exactly', 38, [256, 256, 256], e5m2, { x: 'one-hot' }),
  linear('bf16, exactly', 39, [67, 67, 41], 'bf16', { x: 'one-hot' }),
  linear('f16, exactly', 40, [67, 67, 41], 'f16', { x: 'one-hot' }),
  linear('output head, odd vocabulary', 41, [1, 256, 4099], 'bf16'),
  linear('many tokens', 42, [64, 256, 256], 'bf16'),
  linear('many tokens, FP8', 43, [70, 256, 160], v31),
  linear('odd everything, offset', 44, [7, 257, 33], 'f16', { offset: 12 }),
  linear('f32', 45, [33, 128, 129], 'f32'),
  linear('i8 in blocks of 32', 201, [1, 512, 96], q8),
  linear('i8 in blocks of 32 with minimums', 202, [3, 256, 67], q4m),
  linear('i8 in blocks of 16', 203, [2, 512, 40], q6k),
  linear('i8 in blocks of 16 with minimums', 204, [1, 256, 129], q2k),
  linear('i8, many tokens', 205, [70, 256, 96], q8),
  linear('i8 in blocks of 16 with minimums, many tokens', 206, [66, 128, 48], q2k),
  linear('i8, partial blocks of 32 and of 128, offset', 207, [5, 203, 33], q4m, { offset: 12 }),
  linear('i8, partial blocks of 16, offset', 208, [1, 139, 21], q6k, { offset: 12 }),
  linear('i8 of all values, exactly', 209, [160, 160, 40], q8, { x: 'one-hot' }),
  linear('i8 with minimums, exactly', 210, [100, 100, 40], q2k, { x: 'one-hot' }),
  linear('one element, i8', 211, [2, 1, 1], q4m),
  linear('one element', 46, [2, 1, 1], 'f32'),
  linear('one element, FP8', 47, [1, 1, 1], v31),

  { op: 'rope', pairs: 'interleaved', name: 'query of DeepSeek-V3, three heads', seed: 51, heads: 3, headDim: 192, halfDim: 32, positions: [0, 1, 40] },
  { op: 'rope', pairs: 'interleaved', name: 'a key: one head, all of it rotated', seed: 52, heads: 1, headDim: 64, halfDim: 32, positions: [17] },
  { op: 'rope', pairs: 'interleaved', name: 'odd widths, positions out of order, offset', seed: 53, heads: 5, headDim: 13, halfDim: 3, positions: [63, 2, 2], offset: 12 },
  { op: 'rope', pairs: 'halves', name: 'Qwen3, two heads', seed: 54, heads: 2, headDim: 128, halfDim: 64, positions: [0, 33, 7] },
  { op: 'rope', pairs: 'halves', name: 'odd widths, offset', seed: 55, heads: 3, headDim: 17, halfDim: 5, positions: [63, 1], offset: 12 },

  { op: 'writeLatent', name: 'DeepSeek-V3, one token', seed: 61, rank: 512, halfDim: 32, capacity: 8, weight: 'bf16', positions: [5] },
  { op: 'writeLatent', name: 'odd widths, out of order, offset', seed: 62, rank: 33, halfDim: 3, capacity: 19, weight: 'f32', positions: [18, 0, 7], offset: 12 },
  { op: 'writeLatent', name: 'fills the cache', seed: 63, rank: 64, halfDim: 8, capacity: 24, weight: 'f16', positions: range(0, 24) },
  { op: 'writeLatent', name: 'two sequences in pages', seed: 64, rank: 24, halfDim: 4, capacity: 33, weight: 'f32', positions: [0, 5, 4, 9], paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] } },
  { op: 'writeLatent', name: 'E4M3, DeepSeek-V3, partial last group', seed: 65, rank: 512, halfDim: 32, capacity: 8, weight: 'bf16', positions: [5, 0, 7], cache: e4m3 },
  { op: 'writeLatent', name: 'E4M3, groups of 12 across the key, in pages, offset', seed: 66, rank: 26, halfDim: 3, capacity: 33, weight: 'f32', positions: [0, 5, 4, 9], cache: { group: 12 }, paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] }, offset: 12 },
  { op: 'writeLatent', name: 'bf16, DeepSeek-V3', seed: 67, rank: 512, halfDim: 32, capacity: 6, weight: 'bf16', positions: [5, 1], cache: 'bf16' },
  { op: 'writeLatent', name: 'f16, rows of odd words, in pages, offset', seed: 68, rank: 24, halfDim: 1, capacity: 33, weight: 'f16', positions: [0, 5, 4, 9], cache: 'f16', paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] }, offset: 12 },

  { op: 'latentAttention', name: 'DeepSeek-V3 heads, one token', seed: 71, heads: 2, nope: 128, halfDim: 32, v: 128, rank: 512, capacity: 64, weight: v31, positions: [40], scale: 0.1352337789 },
  { op: 'latentAttention', name: 'first token sees only itself', seed: 72, heads: 3, nope: 16, halfDim: 4, v: 24, rank: 32, capacity: 4, weight: 'bf16', positions: [0], scale: 0.2 },
  { op: 'latentAttention', name: 'prefill', seed: 73, heads: 4, nope: 32, halfDim: 8, v: 32, rank: 64, capacity: 40, weight: 'bf16', positions: range(0, 33), scale: 0.15 },
  { op: 'latentAttention', name: 'a chunk after others, partial blocks', seed: 74, heads: 3, nope: 24, halfDim: 5, v: 20, rank: 72, capacity: 30, weight: v3, positions: range(11, 20), scale: 0.2 },
  { op: 'latentAttention', name: 'peaked scores, odd widths, offset', seed: 75, heads: 5, nope: 7, halfDim: 1, v: 9, rank: 11, capacity: 13, weight: 'f32', positions: [12, 3], scale: 2, offset: 12 },
  { op: 'latentAttention', name: 'longer than a tile', seed: 76, heads: 2, nope: 16, halfDim: 4, v: 16, rank: 32, capacity: 700, weight: 'f16', positions: [699], scale: 0.25 },
  { op: 'latentAttention', name: 'three sequences in pages, one page shared', seed: 77, heads: 2, nope: 12, halfDim: 4, v: 10, rank: 20, capacity: 50, weight: 'bf16', positions: [10, 3, 14, 15], scale: 0.3, paging: { pageSize: 5, sequences: [0, 1, 2, 2], pages: [[9, 0, 4, -1], [9, -1, -1, -1], [3, 8, 1, 2]] } },
  { op: 'latentAttention', name: 'pages longer than a tile', seed: 78, heads: 3, nope: 16, halfDim: 4, v: 16, rank: 32, capacity: 450, weight: 'f32', positions: [299, 211], scale: 0.25, paging: { pageSize: 150, sequences: [0, 1], pages: [[2, 0], [0, 1]] } },
  { op: 'latentAttention', name: 'E4M3 cache, DeepSeek-V3 heads, one token', seed: 301, heads: 2, nope: 128, halfDim: 32, v: 128, rank: 512, capacity: 64, weight: v31, positions: [40], scale: 0.1352337789, cache: e4m3 },
  { op: 'latentAttention', name: 'E4M3 cache, prefill, i8 weights', seed: 302, heads: 4, nope: 32, halfDim: 8, v: 32, rank: 64, capacity: 80, weight: q8, positions: range(0, 70), scale: 0.15, cache: e4m3 },
  { op: 'latentAttention', name: 'E4M3 cache, pages, groups of 8, offset', seed: 303, heads: 2, nope: 12, halfDim: 4, v: 10, rank: 20, capacity: 50, weight: 'bf16', positions: [10, 3, 14, 15], scale: 0.3, cache: { group: 8 }, paging: { pageSize: 5, sequences: [0, 1, 2, 2], pages: [[9, 0, 4, -1], [9, -1, -1, -1], [3, 8, 1, 2]] }, offset: 12 },
  { op: 'latentAttention', name: 'E4M3 cache, longer than a tile', seed: 304, heads: 3, nope: 16, halfDim: 4, v: 16, rank: 32, capacity: 700, weight: 'f16', positions: [699, 64, 63], scale: 0.25, cache: e4m3 },
  { op: 'latentAttention', name: 'bf16 cache, a chunk after others, i8 weights with minimums', seed: 305, heads: 3, nope: 24, halfDim: 5, v: 20, rank: 72, capacity: 30, weight: q2k, positions: range(11, 20), scale: 0.2, cache: 'bf16' },
  { op: 'latentAttention', name: 'bf16 cache, pages longer than a tile', seed: 306, heads: 3, nope: 16, halfDim: 4, v: 16, rank: 32, capacity: 450, weight: 'f32', positions: [299, 211], scale: 0.25, cache: 'bf16', paging: { pageSize: 150, sequences: [0, 1], pages: [[2, 0], [0, 1]] } },
  { op: 'latentAttention', name: 'f16 cache, odd heads, offset', seed: 307, heads: 5, nope: 7, halfDim: 1, v: 9, rank: 12, capacity: 80, weight: 'f32', positions: [70, 3], scale: 0.5, cache: 'f16', offset: 12 },
  { op: 'latentAttention', name: 'f16 cache, prefill', seed: 308, heads: 2, nope: 32, halfDim: 8, v: 32, rank: 64, capacity: 80, weight: 'bf16', positions: range(0, 66), scale: 0.15, cache: 'f16' },
  { op: 'latentAttention', name: 'i8 weights in blocks of 16 and of 32 with minimums', seed: 309, heads: 2, nope: 20, halfDim: 4, v: 12, rank: 40, capacity: 20, weight: q4m, positions: [19, 6], scale: 0.2 },
  { op: 'latentAttention', name: 'i8 weights, partial block, offset', seed: 310, heads: 2, nope: 10, halfDim: 4, v: 8, rank: 37, capacity: 20, weight: q6k, positions: [19], scale: 0.2, offset: 12 },

  { op: 'writeKv', name: 'Llama 3, one token', seed: 121, kvHeads: 8, headDim: 128, valueDim: 128, capacity: 12, positions: [7] },
  { op: 'writeKv', name: 'odd widths, values of another width, out of order, offset', seed: 122, kvHeads: 3, headDim: 13, valueDim: 5, capacity: 19, positions: [18, 0, 7], offset: 12 },
  { op: 'writeKv', name: 'two sequences in pages', seed: 123, kvHeads: 2, headDim: 8, valueDim: 8, capacity: 33, positions: [0, 5, 4, 9], paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] } },
  { op: 'writeKv', name: 'bf16', seed: 124, kvHeads: 8, headDim: 128, valueDim: 128, capacity: 12, positions: [7, 0], cache: 'bf16' },
  { op: 'writeKv', name: 'f16, pages, rows of odd words, offset', seed: 125, kvHeads: 2, headDim: 13, valueDim: 5, capacity: 33, positions: [0, 5, 4, 9], cache: 'f16', paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] }, offset: 12 },
  { op: 'writeKv', name: 'E4M3', seed: 126, kvHeads: 8, headDim: 128, valueDim: 128, capacity: 12, positions: [7, 0], cache: e4m3 },
  { op: 'writeKv', name: 'E4M3, groups across heads, partial last group, pages, offset', seed: 127, kvHeads: 3, headDim: 12, valueDim: 20, capacity: 33, positions: [0, 5, 4, 9], cache: { group: 16 }, paging: { pageSize: 4, sequences: [1, 1, 0, 0], pages: [[7, 1, 3], [2, 5, 0]] }, offset: 12 },
  { op: 'writeKv', name: 'f32, special values', seed: 128, kvHeads: 2, headDim: 12, valueDim: 16, capacity: 12, positions: range(0, specialTokens), x: 'special' },
  { op: 'writeKv', name: 'bf16, special values', seed: 129, kvHeads: 2, headDim: 12, valueDim: 16, capacity: 12, positions: range(0, specialTokens), x: 'special', cache: 'bf16' },
  { op: 'writeKv', name: 'f16, special values', seed: 130, kvHeads: 2, headDim: 12, valueDim: 16, capacity: 12, positions: range(0, specialTokens), x: 'special', cache: 'f16' },
  { op: 'writeKv', name: 'E4M3, special values', seed: 143, kvHeads: 2, headDim: 12, valueDim: 16, capacity: 12, positions: range(0, specialTokens), x: 'special', cache: { group: 12 } },

  { op: 'attention', name: 'Llama 3 heads, one token', seed: 131, heads: 8, kvHeads: 2, headDim: 128, valueDim: 128, capacity: 64, positions: [40], scale: 0.0884 },
  { op: 'attention', name: 'SmolLM2: 9 heads on 3', seed: 132, heads: 9, kvHeads: 3, headDim: 64, valueDim: 64, capacity: 40, positions: range(0, 33), scale: 0.125 },
  { op: 'attention', name: 'first token sees only itself', seed: 133, heads: 3, kvHeads: 3, headDim: 24, valueDim: 24, capacity: 4, positions: [0], scale: 0.2 },
  { op: 'attention', name: 'one key head for all, a chunk after others', seed: 134, heads: 5, kvHeads: 1, headDim: 32, valueDim: 16, capacity: 30, positions: range(11, 20), scale: 0.18 },
  { op: 'attention', name: 'peaked scores, odd widths, offset', seed: 135, heads: 6, kvHeads: 2, headDim: 7, valueDim: 9, capacity: 13, positions: [12, 3], scale: 2, offset: 12 },
  { op: 'attention', name: 'longer than a tile', seed: 136, heads: 2, kvHeads: 1, headDim: 16, valueDim: 16, capacity: 700, positions: [699, 690], scale: 0.25 },
  { op: 'attention', name: 'three sequences in pages, one page shared', seed: 137, heads: 4, kvHeads: 2, headDim: 16, valueDim: 12, capacity: 50, positions: [10, 3, 14, 15], scale: 0.3, paging: { pageSize: 5, sequences: [0, 1, 2, 2], pages: [[9, 0, 4, -1], [9, -1, -1, -1], [3, 8, 1, 2]] } },
  { op: 'attention', name: 'pages longer than a tile', seed: 138, heads: 3, kvHeads: 1, headDim: 20, valueDim: 20, capacity: 450, positions: [299, 211], scale: 0.25, paging: { pageSize: 150, sequences: [0, 1], pages: [[2, 0], [0, 1]] } },
  { op: 'attention', name: 'bf16 cache, Llama 3 heads', seed: 311, heads: 8, kvHeads: 2, headDim: 128, valueDim: 128, capacity: 64, positions: [40], scale: 0.0884, cache: 'bf16' },
  { op: 'attention', name: 'bf16 cache, pages, odd widths, offset', seed: 312, heads: 4, kvHeads: 2, headDim: 15, valueDim: 9, capacity: 50, positions: [10, 3, 14, 15], scale: 0.3, cache: 'bf16', paging: { pageSize: 5, sequences: [0, 1, 2, 2], pages: [[9, 0, 4, -1], [9, -1, -1, -1], [3, 8, 1, 2]] }, offset: 12 },
  { op: 'attention', name: 'f16 cache, longer than a tile', seed: 313, heads: 2, kvHeads: 1, headDim: 16, valueDim: 16, capacity: 700, positions: [699, 690], scale: 0.25, cache: 'f16' },
  { op: 'attention', name: 'f16 cache, SmolLM2 heads, prefill', seed: 314, heads: 9, kvHeads: 3, headDim: 64, valueDim: 64, capacity: 40, positions: range(0, 33), scale: 0.125, cache: 'f16' },
  { op: 'attention', name: 'E4M3 cache, Llama 3 heads', seed: 315, heads: 8, kvHeads: 2, headDim: 128, valueDim: 128, capacity: 64, positions: [40, 3], scale: 0.0884, cache: e4m3 },
  { op: 'attention', name: 'E4M3 cache, prefill, a group for two heads', seed: 316, heads: 8, kvHeads: 4, headDim: 64, valueDim: 64, capacity: 40, positions: range(0, 33), scale: 0.125, cache: e4m3 },
  { op: 'attention', name: 'E4M3 cache, groups across heads, pages, offset', seed: 317, heads: 6, kvHeads: 3, headDim: 12, valueDim: 20, capacity: 50, positions: [10, 3, 14, 15], scale: 0.3, cache: { group: 16 }, paging: { pageSize: 5, sequences: [0, 1, 2, 2], pages: [[9, 0, 4, -1], [9, -1, -1, -1], [3, 8, 1, 2]] }, offset: 12 },
  { op: 'attention', name: 'E4M3 cache, longer than a tile', seed: 318, heads: 3, kvHeads: 1, headDim: 20, valueDim: 20, capacity: 450, positions: [449, 300], scale: 0.25, cache: e4m3 },

  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'DeepSeek-V3 gate', seed: 81, tokens: 3, hidden: 512, experts: 256, groups: 8, topGroups: 4, topK: 8, gate: 'bf16', normalize: true, scalingFactor: 2.5, bias: 'normal' },
  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'one group', seed: 82, tokens: 5, hidden: 64, experts: 16, groups: 1, topGroups: 1, topK: 4, gate: 'f32', normalize: true, scalingFactor: 1, bias: 'normal' },
  { op: 'route', scoring: 'softmax', groupScore: 'best', name: 'DeepSeek-V2: the best of each group, no bias', seed: 87, tokens: 3, hidden: 96, experts: 160, groups: 8, topGroups: 3, topK: 6, gate: 'bf16', normalize: false, scalingFactor: 16, bias: 'none' },
  { op: 'route', scoring: 'softmax', groupScore: 'best', name: 'Qwen3: one group, normalized', seed: 88, tokens: 4, hidden: 128, experts: 128, groups: 1, topGroups: 1, topK: 8, gate: 'f32', normalize: true, scalingFactor: 1, bias: 'none' },
  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'odd sizes, not normalized, offset', seed: 83, tokens: 7, hidden: 37, experts: 9, groups: 3, topGroups: 2, topK: 5, gate: 'f16', normalize: false, scalingFactor: 1.5, bias: 'normal', offset: 12 },
  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'all choices negative', seed: 84, tokens: 4, hidden: 32, experts: 12, groups: 4, topGroups: 2, topK: 3, gate: 'f32', normalize: true, scalingFactor: 2.5, bias: 'negative' },
  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'ties go to the lower index', seed: 85, tokens: 2, hidden: 16, experts: 8, groups: 4, topGroups: 2, topK: 3, gate: 'f32', normalize: true, scalingFactor: 1, bias: 'ties' },
  { op: 'route', scoring: 'sigmoid', groupScore: 'best-two', name: 'every expert', seed: 86, tokens: 1, hidden: 24, experts: 4, groups: 2, topGroups: 2, topK: 4, gate: 'bf16', normalize: true, scalingFactor: 1, bias: 'normal' },

  { op: 'moe', name: 'one token, FP8', seed: 91, hidden: 256, intermediate: 128, experts: 4, weight: v31, indices: [[3, 1]] },
  { op: 'moe', name: 'partial blocks, an unused expert, offset', seed: 92, hidden: 200, intermediate: 96, experts: 3, weight: v3, indices: [[0], [2], [0]], offset: 12 },
  { op: 'moe', name: 'many tokens, bf16', seed: 93, hidden: 64, intermediate: 48, experts: 5, weight: 'bf16', indices: range(0, 40).map((t) => [t % 5, (t * 3 + 1) % 5]) },
  { op: 'moe', name: 'an expert twice for one token', seed: 94, hidden: 33, intermediate: 17, experts: 2, weight: 'f32', indices: [[1, 1, 0]] },
  { op: 'moe', name: 'all of one expert', seed: 96, hidden: 130, intermediate: 40, experts: 6, weight: v31, indices: range(0, 9).map(() => [4]) },
  { op: 'moe', name: 'i8 in blocks of 32, one token', seed: 97, hidden: 256, intermediate: 128, experts: 4, weight: q8, indices: [[3, 1]] },
  { op: 'moe', name: 'i8 in blocks of 16 with minimums, many tokens', seed: 98, hidden: 64, intermediate: 48, experts: 5, weight: q2k, indices: range(0, 40).map((t) => [t % 5, (t * 3 + 1) % 5]) },
  { op: 'moe', name: 'i8, partial blocks, offset', seed: 99, hidden: 70, intermediate: 41, experts: 3, weight: q4m, indices: [[0], [2], [0]], offset: 12 },
  { op: 'moe', name: 'down of another kind, many tokens', seed: 100, hidden: 64, intermediate: 48, experts: 3, weight: q4m, down: q6k, indices: range(0, 12).map((t) => [t % 3, (t + 1) % 3]) },
  { op: 'moe', name: 'down in FP8, the rest bf16', seed: 101, hidden: 64, intermediate: 48, experts: 3, weight: 'bf16', down: v31, indices: [[0, 2]] },
  { op: 'moe', name: 'one element', seed: 95, hidden: 1, intermediate: 1, experts: 1, weight: 'f16', indices: [[0]] },

  { op: 'siluMul', name: 'in place of the first', seed: 101, shape: [3, 96], alias: 'first', deviation: 2 },
  { op: 'siluMul', name: 'in place of the second, offset', seed: 102, shape: [5, 7], alias: 'second', deviation: 2, offset: 12 },
  { op: 'siluMul', name: 'inputs whose exp overflows', seed: 103, shape: [257], alias: 'none', deviation: 300 },
  { op: 'siluMul', name: 'one element', seed: 104, shape: [1, 1, 1], alias: 'none', deviation: 1 },

  { op: 'add', name: 'in place of the first', seed: 111, shape: [2, 256], alias: 'first', deviation: 1 },
  { op: 'add', name: 'in place of the second, offset', seed: 112, shape: [3, 5, 7], alias: 'second', deviation: 1, offset: 12 },
  { op: 'add', name: 'a row to each row', seed: 114, shape: [5, 33], alias: 'none', deviation: 1, row: true },
  { op: 'add', name: 'a row to each row, in place, offset', seed: 115, shape: [2, 3, 128], alias: 'first', deviation: 1, row: true, offset: 12 },
  { op: 'concat', name: 'DeepSeek-V3: embedding and hidden state', seed: 141, tokens: 2, left: 7168, right: 7168 },
  { op: 'concat', name: 'odd widths, offset', seed: 142, tokens: 5, left: 3, right: 6, offset: 12 },
  { op: 'add', name: 'large', seed: 113, shape: [9, 7168], alias: 'none', deviation: 1e3 },
]
