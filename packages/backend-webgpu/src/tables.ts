/** Small constant tables on the device, found again by their contents. */
import { allocTensor, type Memory, type Tensor, writeTensor } from '@octoscale/tensor'

/**
 * A function that gives an i32 tensor with the given values, the same one for the same values. The array must not be
 * changed afterwards. A model has few distinct ones; they are kept until the device goes.
 */
export function createTables(memory: Memory): (values: Int32Array) => Tensor {
  const byContents = new Map<string, Tensor>()
  // Comparing contents for every token would take longer than recording the operation.
  const byArray = new WeakMap<Int32Array, Tensor>()
  return (values) => {
    const known = byArray.get(values)
    if (known !== undefined) return known
    const key = values.join()
    let table = byContents.get(key)
    if (table === undefined) {
      table = allocTensor(memory, 'i32', [values.length], 'table')
      writeTensor(memory, table, values)
      byContents.set(key, table)
    }
    byArray.set(values, table)
    return table
  }
}
