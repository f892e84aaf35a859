/** Indices that only the data can show to be wrong: reported on the device, thrown by the host at the next read. */
import { IndexError, type OpName } from '@octoscale/tensor'

/** Bytes of the report: how many times an index was refused, then of the first: operation, value, limit. */
export const REPORT_BYTES = 16

/** The operations with an index tensor. The number of one in a report is its place here. */
const indexed = [
  { op: 'embed', tensor: 'ids' },
  { op: 'selectRows', tensor: 'rows' },
  { op: 'rope', tensor: 'positions' },
  { op: 'writeLatent', tensor: 'positions' },
  { op: 'latentAttention', tensor: 'positions' },
  { op: 'writeKv', tensor: 'positions' },
  { op: 'attention', tensor: 'positions' },
  { op: 'moe', tensor: 'indices' },
  ...(['writeLatent', 'latentAttention', 'writeKv', 'attention'] as const).flatMap((op) => [
    { op, tensor: 'paging.sequences' } as const,
    { op, tensor: 'paging.pages' } as const,
  ]),
] satisfies readonly { op: OpName; tensor: string }[]

/** The index tensor of a program. */
export interface IndexUse {
  readonly op: OpName
  /** Its name in the contract, for the error. */
  readonly tensor: string
  /** Its name in the program; default: the same. */
  readonly accessor?: string
}

/**
 * `fn checked_index(i: u32) -> u32`: element i of the index tensor, or `params.index_limit` when it is out of range:
 * the caller then leaves its output alone. Whoever meets a bad index looks for the first bad one of the tensor, so
 * that the report does not depend on who was first.
 */
export function indexCheck({ op, tensor, accessor = tensor }: IndexUse): string {
  const number = indexed.findIndex((each) => each.op === op && each.tensor === tensor)
  return `
@group(0) @binding(1) var<storage, read_write> report: array<atomic<u32>>;

fn is_index(index: i32) -> bool { return index >= 0 && u32(index) < params.index_limit; }

fn checked_index(i: u32) -> u32 {
  let index = ${accessor}(i);
  if (is_index(index)) { return u32(index); }
  var first = 0u;
  while (first < i && is_index(${accessor}(first))) { first++; }
  if (atomicAdd(&report[0], 1u) == 0u) {
    atomicStore(&report[1], ${number}u);
    atomicStore(&report[2], bitcast<u32>(${accessor}(first)));
    atomicStore(&report[3], params.index_limit);
  }
  return params.index_limit;
}
`
}

/** The error of a report, or undefined when every index was good. */
export function indexErrorOf(report: ArrayBuffer): IndexError | undefined {
  const [count, number, , limit] = new Uint32Array(report)
  const index = new Int32Array(report)[2]!
  const { op, tensor } = indexed[number!]!
  return count === 0 ? undefined : new IndexError({ op, tensor, index, limit: limit! })
}
