import type { WorkspacePlan } from '@octoscale/tensor'

/** A line of a workspace plan: f32 of this shape. */
export function f32(...shape: number[]): WorkspacePlan[string] {
  return { dtype: 'f32', shape }
}

/** A line of a workspace plan: i32 of this shape. */
export function i32(...shape: number[]): WorkspacePlan[string] {
  return { dtype: 'i32', shape }
}
