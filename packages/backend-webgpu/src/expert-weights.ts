/** The experts of a layer as programs find them: which buffers, and where in them. */
import { bytesPerElement, type Expert, isBlockScaled, type Tensor, type Weight } from '@octoscale/tensor'

export type Part = keyof Expert

/** Numbers of an expert in a table: its group, and the first elements of its codes, scales and minimums. */
export const TABLE_COLUMNS = 4

/** One matrix of all experts. Experts whose matrices are in the same buffers form a group, for one dispatch. */
export interface PartOfExperts {
  /** `[experts, TABLE_COLUMNS]`. */
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
    table.set([group, ...tensorsOf(weight).map(first)], e * TABLE_COLUMNS)
  })
  return { table, groups }
}

function sameBuffers(a: Weight, b: Weight): boolean {
  const [ofA, ofB] = [tensorsOf(a), tensorsOf(b)]
  return ofA.length === ofB.length && ofA.every(({ buffer }, i) => buffer === ofB[i]!.buffer)
}

/** Codes, scales, and minimums if there are any; or the one tensor of a dense weight. */
function tensorsOf(weight: Weight): readonly Tensor[] {
  if (!isBlockScaled(weight)) return [weight]
  const { codes, scales, minimums } = weight
  return minimums === undefined ? [codes, scales] : [codes, scales, minimums]
}

function first({ offset, dtype }: Tensor): number {
  return offset / bytesPerElement(dtype)
}
