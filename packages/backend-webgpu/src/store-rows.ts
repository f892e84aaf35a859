/** Writes f32 rows to a cache of any kind, one row for each token. */
import {
  bytesPerElement,
  type CacheTensor,
  cacheShape,
  isBlockScaled,
  numel,
  type Tensor,
} from '@octoscale/tensor'
import type { CacheRows } from './cache-rows.ts'
import { groupsOf, type Runtime } from './runtime.ts'
import { encodeBf16, encodeE4m3, encodeF16 } from './wgsl/encode.ts'
import { cooperative, ELEMENTWISE, elementwise } from './wgsl/invocation.ts'
import { type Program, reads, writes } from './wgsl/program.ts'

/** `cache[row of token t] = source[t]` for tokens that see something; source `[tokens, ...row]` f32. */
export function storeRows(runtime: Runtime, source: Tensor, cache: CacheTensor, rows: CacheRows): void {
  const [tokens = 0] = source.shape
  const width = numel(cacheShape(cache).slice(1))
  if (isBlockScaled(cache)) {
    const { codes, scales, block } = cache
    const groups = scales.shape[1]!
    runtime.run({
      program: groupProgram(rows),
      tensors: { source: reads(source), ...rows.tensors, cache: writes(codes), scales: writes(scales) },
      numbers: { count: tokens * groups, width, groups, group: block[1], ...rows.numbers },
      workgroups: tokens * groups,
    })
    return
  }
  const perWord = 4 / bytesPerElement(cache.dtype)
  const count = (tokens * width) / perWord
  runtime.run({
    program: wordProgram(rows, cache.dtype),
    tensors: { source: reads(source), ...rows.tensors, cache: writes(cache) },
    numbers: { count, width, words: width / perWord, ...rows.numbers },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}

/** One invocation for each word of a row. */
const wordProgram = (rows: CacheRows, dtype: Tensor['dtype']): Program => ({
  name: `write ${dtype}, ${rows.name}`,
  index: rows.index,
  code: () =>
    rows.functions +
    (dtype === 'bf16' ? encodeBf16 : dtype === 'f16' ? encodeF16 : '') +
    elementwise(`let token = i / params.words;
  let seen = seen_by(token);
  if (seen == 0u) { return; }
  let row = row_of(token, seen - 1u) * params.width;
  ${
    dtype === 'f32'
      ? 'set_cache_bits(row + i % params.width, source_bits(i));'
      : 'set_cache_word(row + 2u * (i % params.words), encode(source_bits(2u * i)) | (encode(source_bits(2u * i + 1u)) << 16u));'
  }`),
})

const lanes = 32

/**
 * One workgroup for each group of a row. Its scale is the least power of two not below `max(|values|, 1e-4) / 448`: with
 * f32 fields `448 * 2^k = 1.75 * 2^(k + 8)`, so k is the exponent of the largest magnitude less 8, one more above a mantissa
 * of 1.75; 1e-4 gives -22. Magnitudes are compared as integers, in whose order NaN comes last.
 */
const groupProgram = (rows: CacheRows): Program => ({
  name: `write groups, ${rows.name}`,
  index: rows.index,
  code: () => `${rows.functions}${encodeE4m3}
var<workgroup> largest: atomic<u32>;
var<workgroup> place: u32;
${cooperative(
  lanes,
  `let token = item / params.groups;
  let first = (item % params.groups) * params.group;
  let count = min(params.group, params.width - first);
  let at = token * params.width + first;
  // The same for all lanes, and the compiler must know it: the indices may lie in a buffer that is written.
  if (lane == 0u) {
    let seen = seen_by(token);
    place = 0u;
    if (seen != 0u) { place = row_of(token, seen - 1u) + 1u; }
  }
  let row = workgroupUniformLoad(&place);
  if (row == 0u) { return; }
  for (var i = lane; i < count; i += LANES) { atomicMax(&largest, source_bits(at + i) & 0x7fffffffu); }
  workgroupBarrier();
  let top = atomicLoad(&largest);
  let spoilt = top >= 0x7f800000u;
  let exponent = max(i32(top >> 23u) - 135 + select(0, 1, (top & 0x7fffffu) > 0x600000u), -22);
  if (lane == 0u) {
    set_scales_bits((row - 1u) * params.groups + item % params.groups, select(u32(exponent + 127) << 23u, 0x7fc00000u, spoilt));
  }
  for (var i = 4u * lane; i < count; i += 4u * LANES) {
    var word = 0x7f7f7f7fu;
    if (!spoilt) {
      word = 0u;
      for (var k = 0u; k < 4u; k++) { word |= encode(source_bits(at + i + k), exponent) << (8u * k); }
    }
    set_cache_word((row - 1u) * params.width + first + i, word);
  }`,
)}`,
})
