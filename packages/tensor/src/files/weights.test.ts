/**
 * Weights as DeepSeek stores them, by their names alone.
 *
 * Mutations seen red: the name of the scales, the given block not used, UE8M0 tensors taken for codes, scales always UE8M0,
 * missing, misshapen and NaN scales accepted.
 */
import { dequantize } from '@octoscale/fp8-core'
import { describe, expect, test } from 'vitest'
import { isBlockScaledArray } from '../host.ts'
import { fileFolder } from '../node.ts'
import { bytesSource } from './byte-source.ts'
import { openCheckpoint } from './checkpoint.ts'
import { openSafetensors } from './safetensors.ts'
import { expected, goldenFolder, hexOf } from './test-files.ts'
import { readWeight } from './weights.ts'
import { type TensorToWrite, writeSafetensors } from './write-safetensors.ts'

const checkpoint = await openCheckpoint(fileFolder(`${goldenFolder}sharded`))

test('FP8 with scales from another file, as torch dequantizes it', async () => {
  const weight = await readWeight(checkpoint, 'layer.weight', { block: [16, 16] })
  if (!isBlockScaledArray(weight)) throw new TypeError('must be block-scaled')
  expect(weight.shape).toEqual([20, 35])
  expect(weight.recipe).toMatchObject({ format: 'e4m3', block: [16, 16], scale: 'ue8m0' })
  expect(hexOf(dequantize(weight))).toBe(expected.dequantized)
})

test('a dense weight keeps its bytes', async () => {
  const weight = await readWeight(checkpoint, 'norm.weight')
  expect(weight).toEqual({ dtype: 'bf16', shape: [35], data: await checkpoint.read('norm.weight') })
})

const bytes = (values: Float32Array) => new Uint8Array(values.buffer)
const codes: TensorToWrite = { dtype: 'F8_E4M3', shape: [3, 130], data: new Uint8Array(390) }
const scales: TensorToWrite = { dtype: 'F32', shape: [1, 2], data: bytes(Float32Array.of(0.5, 3)) }

function open(tensors: Record<string, TensorToWrite>) {
  return openSafetensors(bytesSource('test.safetensors', writeSafetensors(tensors)))
}

test('scales that are no powers of two, in blocks of 128', async () => {
  const weight = await readWeight(await open({ w: codes, w_scale_inv: scales }), 'w')
  if (!isBlockScaledArray(weight)) throw new TypeError('must be block-scaled')
  expect([...weight.scales]).toEqual([0.5, 3])
  expect(weight.recipe.scale).toBe('f32')
})

test('scales of one byte', async () => {
  const bytewise: TensorToWrite = { dtype: 'F8_E8M0', shape: [1, 2], data: Uint8Array.of(127, 0) }
  const weight = await readWeight(await open({ w: codes, w_scale_inv: bytewise }), 'w')
  expect(isBlockScaledArray(weight) && [...weight.scales]).toEqual([1, 2 ** -127])
})

describe('refused', () => {
  const faults: readonly [string, Record<string, TensorToWrite>, RegExp][] = [
    ['no scales', { w: codes }, /tensor "w_scale_inv": is missing: the F8_E4M3 codes of "w" need it/],
    [
      'scales of another shape',
      { w: codes, w_scale_inv: { ...scales, shape: [2, 1] } },
      /must have shape \[1, 2\] for \[3, 130\] in blocks of \[128, 128\], got \[2, 1\]/,
    ],
    ['flat scales', { w: codes, w_scale_inv: { ...scales, shape: [2] } }, /must have shape \[1, 2\]/],
    [
      'scales that are not finite',
      { w: codes, w_scale_inv: { ...scales, data: bytes(Float32Array.of(1, Number.NaN)) } },
      /scale \[0, 1\] is NaN, must be finite/,
    ],
    [
      'scales that are integers',
      { w: codes, w_scale_inv: { ...scales, dtype: 'I32' } },
      /dtype "I32" has no float values/,
    ],
    [
      'codes in one dimension',
      { w: { ...codes, shape: [390] }, w_scale_inv: scales },
      /must be \[rows, columns\]/,
    ],
    ['a dtype that is no weight', { w: { ...codes, dtype: 'F8_E8M0' } }, /dtype "F8_E8M0" is no weight/],
    ['a missing weight', {}, /tensor "w": is not among the 0 tensors/],
  ]
  test.each(faults)('%s', async (_, tensors, message) => {
    await expect(open(tensors).then((file) => readWeight(file, 'w'))).rejects.toThrow(message)
  })
})
