/**
 * Golden checkpoints with damaged configurations and headers: a typed error or, whatever the configuration says, the numbers
 * of the makers. Only sizes of blocks are taken on trust, where the number of scales agrees with them.
 *
 * Mutations seen red: rank of codes and grid of scales not compared; bytes of FP4 counted as one code; the reciprocal taken as
 * a factor, or rounded to float32; experts at the place of the first; lists not checked to be names; the config not read.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dequantize } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { bytesSource } from '../files/byte-source.ts'
import { openSafetensors } from '../files/safetensors.ts'
import { isBlockScaledArray } from '../host.ts'
import { createRandom, type Random } from '../testing/random.ts'
import { dequantizeWeight } from './dequantize-weight.ts'
import { QuantizationConfigError } from './errors.ts'
import { type Config, expectedLayouts, goldenConfig, layoutsFolder } from './test-layouts.ts'
import { weightsOf } from './weights-of.ts'

const folders = Object.keys(expectedLayouts)
const files = new Map(
  folders.map((folder) => [
    folder,
    new Uint8Array(readFileSync(`${layoutsFolder}${folder}/model.safetensors`)),
  ]),
)

const WORDS = [
  ...[
    'fp8',
    'mxfp4',
    'mxfp8',
    'modelopt',
    'compressed-tensors',
    'e5m2',
    'ue8m0',
    'float',
    'fp4',
    'NVFP4',
    'FP8',
  ],
  ...[
    'float-quantized',
    'nvfp4-pack-quantized',
    'mxfp4-pack-quantized',
    'mxfp8-quantized',
    'mixed-precision',
  ],
  ...[
    'tensor',
    'channel',
    'group',
    'tensor_group',
    'Linear',
    're:.*',
    're:(',
    '*',
    'lm_head',
    '__proto__',
    '',
  ],
]
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  4,
  8,
  16,
  32,
  1e300,
  [],
  {},
  [[]],
  [1],
  ...WORDS,
]
/** What tensors cannot contradict. */
const TRUSTED = ['weight_block_size', 'block_structure']

/** Another value, or none, or one more, somewhere in the object. */
function damage(object: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(object).filter((key) => !TRUSTED.includes(key))
  const key = keys[random.below(keys.length)]
  const value = key === undefined ? undefined : object[key]
  if (typeof value === 'object' && value !== null && random.below(5) > 0) {
    damage(value as Record<string, unknown>, random)
    return
  }
  const other = VALUES[random.below(VALUES.length)]
  if (key === undefined || random.below(8) === 0) object[String(WORDS[random.below(WORDS.length)])] = other
  else if (random.below(6) === 0) delete object[key]
  else object[key] = other
}

const isTyped = (error: unknown) => error instanceof QuantizationConfigError || error instanceof FormatError

test('damaged configurations', async () => {
  const random = createRandom(1)
  const counts = { refused: 0, read: 0 }
  for (let i = 0; i < 4000; i++) {
    const folder = folders[i % folders.length]!
    const config: Config = goldenConfig(folder)
    for (let n = 0; n <= random.below(2); n++) damage(config.quantization_config, random)
    const text = JSON.stringify(config)
    try {
      const file = await openSafetensors(bytesSource(folder, files.get(folder)!))
      const weights = await weightsOf(file, { config: JSON.parse(text) })
      for (const [name, { dtype, sha256 }] of Object.entries(expectedLayouts[folder]!.weights)) {
        const weight = await weights.read(name)
        const { data } = isBlockScaledArray(weight) ? dequantizeWeight(weight, dtype) : weight
        expect(createHash('sha256').update(data).digest('hex'), `${folder} ${name} ${text}`).toBe(sha256)
      }
      counts.read++
    } catch (error) {
      if (!isTyped(error)) throw new TypeError(`${folder} with ${text}`, { cause: error })
      counts.refused++
    }
  }
  // Neither outcome is rare, or the test would show nothing.
  expect(counts.refused).toBeGreaterThan(1000)
  expect(counts.read).toBeGreaterThan(400)
})

const DTYPES = [
  'F8_E4M3',
  'F8_E5M2',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'U8',
  'I8',
  'BF16',
  'F32',
  'I32',
  'F4',
  'BOOL',
  'X9',
]

/** Another dtype or shape of as many bytes, or another name, for one or two tensors of a header. */
function damageHeader(header: Record<string, { dtype: string; shape: number[] }>, random: Random): void {
  for (let n = 0; n <= random.below(2); n++) {
    const names = Object.keys(header).filter((name) => name !== '__metadata__')
    const name = names[random.below(names.length)]!
    const entry = header[name]!
    const bytes = entry.shape.reduce((product, size) => product * size, entry.dtype === 'F32' ? 4 : 1)
    const kind = random.below(5)
    if (kind === 0) entry.dtype = DTYPES[random.below(DTYPES.length)]!
    else if (kind === 1) entry.shape = entry.shape.toReversed()
    else if (kind === 2) entry.shape = [bytes]
    else if (kind === 3) entry.shape = [1, ...entry.shape]
    else {
      const suffixes = ['_scale', '_scale_inv', '_scale_2', '_packed', '_blocks', '_scales', '_global_scale']
      const other = names[random.below(names.length)]! + suffixes[random.below(suffixes.length)]
      delete header[name]
      header[other] ??= entry
    }
  }
}

test('damaged headers', async () => {
  const random = createRandom(2)
  const counts = { refused: 0, read: 0 }
  for (let i = 0; i < 4000; i++) {
    const folder = folders[i % folders.length]!
    const bytes = files.get(folder)!
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
    damageHeader(header, random)
    const text = new TextEncoder().encode(JSON.stringify(header))
    const damaged = new Uint8Array(8 + text.length + bytes.length - 8 - length)
    new DataView(damaged.buffer).setBigUint64(0, BigInt(text.length), true)
    damaged.set(text, 8)
    damaged.set(bytes.subarray(8 + length), 8 + text.length)
    try {
      const file = await openSafetensors(bytesSource(folder, damaged))
      const { names, read } = await weightsOf(file, { config: i % 2 === 0 ? goldenConfig(folder) : null })
      for (const name of names) {
        const weight = await read(name)
        // Codes, scales and shape agree, or this is an error that is not expected here.
        if (isBlockScaledArray(weight)) dequantize(weight)
      }
      counts.read++
    } catch (error) {
      if (!isTyped(error)) throw new TypeError(`${folder} with ${JSON.stringify(header)}`, { cause: error })
      counts.refused++
    }
  }
  expect(counts.refused).toBeGreaterThan(1000)
  expect(counts.read).toBeGreaterThan(100)
}, 60_000)
