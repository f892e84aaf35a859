/** The card says what the files and the evaluation say. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import evaluation from '../evaluation.json' with { type: 'json' }
import { octoTiny } from './index.ts'

const card = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const readJson = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(octoTiny.files[name] as URL, 'utf8'))

test('all files are there, and the weights take at most 16 MB', () => {
  for (const url of Object.values(octoTiny.files)) expect(statSync(url).isFile()).toBe(true)
  expect(statSync(octoTiny.files['model.safetensors'] as URL).size).toBeLessThanOrEqual(16_000_000)
})

test('it is a DeepSeek-V3.1 in FP8 with UE8M0 scales', () => {
  const config = readJson('config.json')
  expect(config.model_type).toBe('deepseek_v3')
  expect(config.quantization_config).toMatchObject({
    fmt: 'e4m3',
    quant_method: 'fp8',
    scale_fmt: 'ue8m0',
    weight_block_size: [128, 128],
  })
  expect(config.num_nextn_predict_layers).toBe(1)
  expect(config.q_lora_rank).toBeGreaterThan(0)
  expect(config.first_k_dense_replace).toBe(1)
})

test('the evaluation was made with these weights, on 200 or more instances a row', () => {
  const weights = readFileSync(octoTiny.files['model.safetensors'] as URL)
  expect(evaluation.modelSha256).toBe(createHash('sha256').update(weights).digest('hex'))
  for (const { row, count } of evaluation.rows) expect(count, row).toBeGreaterThanOrEqual(200)
})

test('the table of the card is the evaluation', () => {
  for (const { row, count, accuracy, required } of evaluation.rows) {
    const percent = (value: number): string => `${(100 * value).toFixed(1)} %`
    const line = `| ${row} | ${count} | ${percent(accuracy)} | ${required === 0 ? '' : `${100 * required} %`} |`
    expect(card).toContain(line)
  }
})
