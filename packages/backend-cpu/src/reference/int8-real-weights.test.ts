/**
 * What int8 adds to the error of FP8, on the weights of SmolLM2-135M-Instruct (which are known before FP8): less than FP8 itself.
 *
 * Mutations seen red: a block of a whole row, 31 steps instead of 127.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dequantize, quantize, recipes, sqnr } from '@octoscale/fp8-core'
import { openCheckpoint } from '@octoscale/tensor'
import { expect, test } from 'vitest'
import { roundWeightRow } from './int8.ts'

const cached = '../../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf'
const path = process.env.OCTOSCALE_SMOLLM2 ?? fileURLToPath(new URL(cached, import.meta.url))
const REASON = 'the file is absent: run python tooling/fixtures/gguf/fetch_smollm2.py (98 MB)'

test('SmolLM2 loses less from FP8 to int8 than it did in FP8', { timeout: 60_000 }, async ({ skip }) => {
  skip(!existsSync(path), REASON)
  const checkpoint = await openCheckpoint(path)
  const [before, stored, recoded]: [number[], number[], number[]] = [[], [], []]
  // The matrices of every sixth layer; of them every sixteenth row, each value in the unit of its row.
  for (const name of checkpoint.names.filter((each) =>
    /^blk\.(0|6|12|18|24)\..*(attn_[qkvo]|ffn_)/.test(each),
  )) {
    const { shape } = await checkpoint.info(name)
    if (shape.length !== 2) continue
    const [rows, columns] = shape as [number, number]
    const values = await checkpoint.readFloat32(name)
    const fp8 = dequantize(quantize(values, [rows, columns], recipes.deepseekWeightUe8m0))
    for (let r = 0; r < rows; r += 16) {
      const part = values.subarray(r * columns, (r + 1) * columns)
      const row = fp8.subarray(r * columns, (r + 1) * columns)
      const unit = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / columns) || 1
      roundWeightRow(row).forEach((value, c) => {
        before.push((part[c] as number) / unit)
        stored.push((row[c] as number) / unit)
        recoded.push(value / unit)
      })
    }
  }
  const [fp8, int8] = [sqnr(before, stored), sqnr(stored, recoded)]
  // The figures of docs/numerics.md: 31.5 and 43.1 dB.
  expect(before.length).toBe(1_105_920)
  expect(fp8).toBeCloseTo(31.5, 0)
  expect(int8).toBeGreaterThan(42.5)
})
