/** The experts of a layer as programs find them: which buffers, and where in them. */
import { bytesPerElement, type Expert, isBlockScaled, type Tensor, type Weight } from '@octoscale/tensor'

export type Part = keyof Expert

/** Numbers of an expert in a table: its group, and the first elements of its codes and scales. */
export const TABLE_COLUMNS = 3

/** One matrix of all experts. Experts whose matrices are in the same buffers form a group, for one dispatch. */
export interface PartOfExperts {
  /** `[experts, 3]`. */
  readonly table: Int32Array
  /** Any weight of each group: all have the same shape, kind and buffers. */
  readonly groups: readonly Weight[]
}

interface Known {
  /** What the list held. */
  readonly experts: readonly Expert[]
  readonly parts: Record<Part, PartOfExperts>
}

const known = new WeakMap<readonly Expert[], Known>()

/** The three matrices of a list of experts. A model passes the same list for every token, so it is kept. */
export function partsOfExperts(experts: readonly Expert[]): Record<Part, PartOfExperts> {
  const before = known.get(experts)
  const same =
    before?.experts.length === experts.length && before.experts.every((each, e) => each === experts[e])
  if (before !== undefined && same) return before.parts
  const parts = { gate: partOf(experts, 'gate'), up: partOf(experts, 'up'), down: partOf(experts, 'down') }
  known.set(experts, { experts: [...experts], parts })
  return parts
}

function partOf(experts: readonly Expert[], part: Part): PartOfExperts {
  const groups: Weight[] = []
  const table = new Int32Array(experts.length * TABLE_COLUMNS)
  experts.forEach(({ [part]: weight }, e) => {
    let group = groups.findIndex((other) => sameBuffers(other, weight))
    if (group < 0) group = groups.push(weight) - 1
    const places = isBlockScaled(weight) ? [first(weight.codes), first(weight.scales)] : [first(weight), 0]
    table.set([group, ...places], e * TABLE_COLUMNS)
  })
  return { table, groups }
}

function sameBuffers(a: Weight, b: Weight): boolean {
  if (isBlockScaled(a) !== isBlockScaled(b)) return false
  if (!isBlockScaled(a) || !isBlockScaled(b)) return (a as Tensor).buffer === (b as Tensor).buffer
  return a.codes.buffer === b.codes.buffer && a.scales.buffer === b.scales.buffer
}

function first({ offset, dtype }: Tensor): number {
  return offset / bytesPerElement(dtype)
}
