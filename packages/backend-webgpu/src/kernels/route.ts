import type { RouteArgs } from '@octoscale/tensor'
import { multiply } from '../multiply.ts'
import type { Runtime } from '../runtime.ts'
import { cooperative } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { reduction } from '../wgsl/reduce.ts'
import { sigmoid } from '../wgsl/sigmoid.ts'

const lanes = 64

/**
 * Chooses the experts of a token, one workgroup each.
 *
 * Choices are compared as `keys`: the bits of an f32, mapped so that they order as unsigned integers do. NaN has the
 * key of -Infinity, the worst there is; 0 is no key: a choice that is taken or in a group that did not stay. A token
 * has a key for each expert, then one for each group.
 */
const program = (softmax: boolean, biased: boolean): Program => ({
  name: `route by ${softmax ? 'softmax' : 'sigmoid'}${biased ? ', biased' : ''}`,
  code: () => `
const WORST = 0x007fffffu;

fn is_nan(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u; }

fn key_of(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  if (is_nan(value)) { return WORST; }
  if (bits == 0x80000000u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn value_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}

var<workgroup> best_keys: array<u32, ${lanes}>;
var<workgroup> best_places: array<u32, ${lanes}>;

/** The place, in 0 .. count - 1, of the largest of the keys from \`first\` on; the lowest of equal ones. It is taken. */
fn take_best(lane: u32, first: u32, count: u32) -> u32 {
  var best = 0u;
  var place = count;
  for (var i = lane; i < count; i += ${lanes}u) {
    let key = keys_bits(first + i);
    if (key > best) { best = key; place = i; }
  }
  best_keys[lane] = best;
  best_places[lane] = place;
  workgroupBarrier();
  for (var half = ${lanes / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) {
      let other = lane + half;
      let larger = best_keys[other] > best_keys[lane];
      let sooner = best_keys[other] == best_keys[lane] && best_places[other] < best_places[lane];
      if (larger || sooner) {
        best_keys[lane] = best_keys[other];
        best_places[lane] = best_places[other];
      }
    }
    workgroupBarrier();
  }
  let result = best_places[0];
  if (lane == 0u) { set_keys_bits(first + result, 0u); }
  storageBarrier();
  workgroupBarrier();
  return result;
}
${softmax ? reduction('max', lanes) + reduction('sum', lanes) : sigmoid}
${cooperative(
  lanes,
  `let scores_at = item * params.experts;
  let experts_at = item * (params.experts + params.groups);
  let groups_at = experts_at + params.experts;
${softmax ? softmaxScale : ''}
  for (var e = lane; e < params.experts; e += LANES) {
    let logit = scores(scores_at + e);
    // Functions may lose a NaN; the choice and the weight must not.
    let unknown = ${softmax ? 'spoilt' : 'is_nan(logit)'};
    let score = ${softmax ? 'select(exp(logit - top) / total, bitcast<f32>(not_a_number), unknown)' : 'select(sigmoid(logit), logit, unknown)'};
    set_scores(scores_at + e, score);
    set_keys_bits(experts_at + e, select(key_of(score${biased ? ' + bias(e)' : ''}), WORST, unknown));
  }
  storageBarrier();

  // A group's score is the sum of its two best choices, or its best.
  let each = params.experts / params.groups;
  for (var g = lane; g < params.groups; g += LANES) {
    var first = 0u;
    var second = 0u;
    for (var e = 0u; e < each; e++) {
      let key = keys_bits(experts_at + g * each + e);
      second = max(second, min(first, key));
      first = max(first, key);
    }
    var sum = value_of(first);
    if (each > 1u && BEST_TWO) { sum += value_of(second); }
    set_keys_bits(groups_at + g, key_of(sum));
  }
  storageBarrier();
  for (var n = 0u; n < params.top_groups; n++) { _ = take_best(lane, groups_at, params.groups); }
  // Groups that were taken have no key any more.
  for (var e = lane; e < params.experts; e += LANES) {
    if (keys_bits(groups_at + e / each) != 0u) { set_keys_bits(experts_at + e, 0u); }
  }
  storageBarrier();

  var sum = 1e-20;
  for (var k = 0u; k < params.top_k; k++) {
    let expert = take_best(lane, experts_at, params.experts);
    sum += scores(scores_at + expert);
    if (lane == 0u) { set_indices(item * params.top_k + k, i32(expert)); }
  }
  if (lane == 0u) {
    for (var k = 0u; k < params.top_k; k++) {
      let score = scores(scores_at + u32(indices(item * params.top_k + k)));
      set_weights(item * params.top_k + k, select(score, score / sum, NORMALIZE) * params.factor);
    }
  }`,
)}`,
})

/**
 * The largest logit and the sum of the exponentials, by all lanes. With a logit that is NaN or Infinity, or with nothing
 * but -Infinity, every score is NaN: not left to `exp` and `max`, which may lose it.
 */
const softmaxScale = `
  var top = -3.4028234e38;
  var lost = 0.0;
  for (var e = lane; e < params.experts; e += LANES) {
    let logit = scores(scores_at + e);
    if (is_nan(logit) || bitcast<u32>(logit) == 0x7f800000u) { lost = 1.0; }
    else { top = max(top, logit); }
  }
  top = max_of_lanes(lane, top);
  var total = 0.0;
  for (var e = lane; e < params.experts; e += LANES) { total += exp(scores(scores_at + e) - top); }
  total = sum_of_lanes(lane, total);
  let spoilt = max_of_lanes(lane, lost) > 0.0 || total == 0.0;
  // Not a constant: WGSL refuses one that is NaN.
  var not_a_number = 0x7fc00000u;`

/** The gate's logits by matrix product, then sigmoid or softmax, limited groups and the best `topK`. */
export function route(runtime: Runtime, args: RouteArgs): void {
  const { x, gate, bias, groups, topGroups, normalize, scalingFactor, indices, weights } = args
  const [tokens = 0] = x.shape
  const [experts = 0] = gate.shape
  const [, topK = 0] = indices.shape
  const scores = runtime.scratch('scores of experts', 'f32', [tokens, experts])
  const keys = runtime.scratch('choices of experts', 'i32', [tokens, experts + groups])
  multiply(runtime, x, gate, scores)
  runtime.run({
    program: program(args.scoring === 'softmax', bias !== undefined),
    tensors: {
      scores: writes(scores),
      keys: writes(keys),
      ...(bias === undefined ? {} : { bias: reads(bias) }),
      indices: writes(indices),
      weights: writes(weights),
    },
    numbers: { count: tokens, experts, groups, top_groups: topGroups, top_k: topK },
    floats: { factor: scalingFactor },
    constants: { NORMALIZE: normalize, BEST_TWO: args.groupScore === 'best-two' },
    workgroups: tokens,
  })
}
