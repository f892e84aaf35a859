/** Entry points that run once per element, or once per row with the lanes of a workgroup together. */

/** Invocations per workgroup of an elementwise program. */
export const ELEMENTWISE = 64

/** `main` for `params.count` elements: `body` sees `i`. Lanes of neighbours touch neighbouring elements. */
export function elementwise(body: string): string {
  return `
@compute @workgroup_size(${ELEMENTWISE})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = flat_workgroup(workgroup, workgroups) * ${ELEMENTWISE}u + lane;
  if (i >= params.count) { return; }
  ${body}
}`
}

/** `main` with `lanes` invocations for each of `params.count` pieces of work: `body` sees `item` and `lane`. */
export function cooperative(lanes: number, body: string): string {
  return `
const LANES = ${lanes}u;

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let item = flat_workgroup(workgroup, workgroups);
  if (item >= params.count) { return; }
  ${body}
}`
}
