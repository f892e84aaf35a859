/** Small constant tables on the device, found again by their contents. */
import { allocTensor, type Memory, type Tensor, writeTensor } from '@octoscale/tensor'

/**
 * A function that gives an i32 tensor with the given values, the same one for the same values. A model has few
 * distinct ones; they are kept until the device goes.
 */
export function createTables(memory: Memory): (values: Int32Array) => Tensor {
  const tables = new Map<string, Tensor>()
  return (values) => {
    const key = values.join()
    let table = tables.get(key)
    if (table === undefined) {
      table = allocTensor(memory, 'i32', [values.length], 'table')
      writeTensor(memory, table, values)
      tables.set(key, table)
    }
    return table
  }
}
