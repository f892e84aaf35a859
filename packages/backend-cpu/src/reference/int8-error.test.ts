/**
 * What int8 adds to the error of FP8, on the weights of octo-tiny: less than FP8 itself made of them.
 *
 * What the weights were before they became E4M3 nobody has: a value drawn evenly from those that round to a code stands
 * for it. Mutations seen red: a block of a whole row, 31 steps instead of 127.
 */
import { fileURLToPath } from 'node:url'
import { dequantize, sqnr } from '@octoscale/fp8-core'
import { isBlockScaledArray, openSafetensors, readWeight } from '@octoscale/tensor'
import { fileSource } from '@octoscale/tensor/node'
import { expect, test } from 'vitest'
import { roundVector, roundWeightRow } from './int8.ts'

/** Signal and noise in decibels of every fourth row of all matrices together, each value in the unit of its row. */
async function measure(): Promise<{ fp8: number; int8: number; vectors: number }> {
  const path = fileURLToPath(new URL('../../../octo-tiny/model/model.safetensors', import.meta.url))
  const file = await openSafetensors(fileSource(path))
  const [stored, before, recoded]: [number[], number[], number[]] = [[], [], []]
  let state = 1
  const uniform = (): number => {
    state = (state * 48271) % 0x7fffffff
    return state / 0x7fffffff
  }
  for (const { name, dtype } of file.tensors.values()) {
    if (dtype !== 'F8_E4M3') continue
    const weight = await readWeight(file, name)
    if (!isBlockScaledArray(weight)) continue
    const [rows, columns] = weight.shape
    const values = dequantize(weight)
    for (let r = 0; r < rows; r += 4) {
      const row = values.subarray(r * columns, (r + 1) * columns)
      const unit = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / columns) || 1
      roundWeightRow(row).forEach((value, c) => {
        const across = Math.floor(r / 128) * Math.ceil(columns / 128) + Math.floor(c / 128)
        const scale = weight.scales[across]!
        const exponent = Math.max(-6, Math.floor(Math.log2(Math.abs(row[c]! / scale))))
        stored.push(row[c]! / unit)
        recoded.push(value / unit)
        before.push((row[c]! + (uniform() - 0.5) * 2 ** (exponent - 3) * scale) / unit)
      })
    }
  }
  const normal = Float32Array.from(
    { length: 128 * 512 },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
  return {
    fp8: sqnr(before, stored),
    int8: sqnr(stored, recoded),
    vectors: sqnr(normal, roundVector(normal)),
  }
}

test('weights and vectors lose less in int8 than weights did in FP8', async () => {
  const { fp8, int8, vectors } = await measure()
  // The figures of docs/numerics.md.
  expect(fp8).toBeCloseTo(31.2, 0)
  expect(int8).toBeGreaterThan(43)
  expect(vectors).toBeGreaterThan(38)
})
