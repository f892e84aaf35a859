/** Results that the lanes of a workgroup make together. Every lane must call, and every lane gets the result. */

const combine = { sum: 'a + b', max: 'max(a, b)' } as const

/**
 * `fn <kind>_of_lanes(lane: u32, value: f32) -> f32` over 64 or 256 lanes, in two steps: 8 or 16 lanes combine as many
 * values each, then every lane combines their results. Always in the same order, so results do not vary from run to run.
 */
export function reduction(kind: keyof typeof combine, lanes: 64 | 256): string {
  const step = Math.sqrt(lanes)
  return `
var<workgroup> ${kind}_parts: array<f32, ${lanes}>;

fn ${kind}_of_parts(first: u32, stride: u32) -> f32 {
  var a = ${kind}_parts[first];
  for (var i = 1u; i < ${step}u; i++) {
    let b = ${kind}_parts[first + i * stride];
    a = ${combine[kind]};
  }
  return a;
}

fn ${kind}_of_lanes(lane: u32, value: f32) -> f32 {
  ${kind}_parts[lane] = value;
  workgroupBarrier();
  if (lane < ${step}u) { ${kind}_parts[lane] = ${kind}_of_parts(lane, ${step}u); }
  workgroupBarrier();
  let result = ${kind}_of_parts(0u, 1u);
  workgroupBarrier();
  return result;
}
`
}
