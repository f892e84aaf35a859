/** The reference against PyTorch in float64 (`tooling/fixtures/ops/make_ops.py`). */
import { fileURLToPath } from 'node:url'
import { dequantize } from '@octoscale/fp8-core'
import {
  type Backend,
  type DType,
  isBlockScaledArray,
  openSafetensors,
  readFloat32,
  readInt32,
  readWeight,
  type SafetensorsFile,
  type Tensor,
  uploadTensor,
  uploadWeight,
  type Weight,
} from '@octoscale/tensor'
import { fileSource } from '@octoscale/tensor/node'
import { afterAll, expect, test } from 'vitest'
import { createReferenceBackend } from './backend.ts'

interface GoldenCase {
  readonly op: string
  readonly key: string
  readonly block?: [number, number] | null
  readonly experts?: number
  readonly pageSize?: number | null
  readonly policy?: 'exact' | 'fp8'
}

const path = fileURLToPath(new URL('../golden/ops.safetensors', import.meta.url))
const golden = await openSafetensors(fileSource(path))
const cases = JSON.parse(golden.metadata.get('cases') ?? '[]') as GoldenCase[]
const backends = { exact: createReferenceBackend(), fp8: createReferenceBackend({ policy: 'fp8' }) }
const backend = backends.exact
afterAll(() => {
  for (const each of Object.values(backends)) each.dispose()
})

test('every operation has golden cases', () => {
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(Object.keys(backend.ops)))
})

test.each(cases)('$key', async (each) => {
  const backend = backends[each.policy ?? 'exact']
  const args = await readArguments(backend, golden, each)
  const run = backend.ops[each.op as keyof Backend['ops']] as (args: unknown) => void
  run(args)
  for (const name of outputsOf(each)) {
    const expected = await golden.readElements(`${each.key}/${name}`)
    // `out` is the argument out; `out_x` is the argument x after the operation.
    const output = args[name.replace('out_', '')] as Tensor
    const integers = output.dtype === 'i32'
    const got = [...(await (integers ? readInt32(backend, output) : readFloat32(backend, output)))]
    expect(got.length).toBe(expected.length)
    const rms = Math.sqrt(got.reduce((sum, value) => sum + value * value, 0) / got.length)
    got.forEach((value, i) => {
      // Half a unit in the last place of f32 for the one rounding; a trace for the order of the float64 sums.
      const bound = Math.abs(Number(expected[i])) * 2 ** -24 + rms * 1e-12
      expect(Math.abs(value - Number(expected[i])), `${name}[${i}] = ${value}`).toBeLessThanOrEqual(bound)
    })
  }
})

function outputsOf({ key }: GoldenCase): string[] {
  const names = golden.names.filter((name) => name.startsWith(`${key}/out`))
  return names.map((name) => name.slice(key.length + 1))
}

/** The arguments of the operation: numbers from the metadata, tensors from the file, outputs zero. */
async function readArguments(
  backend: Backend,
  file: SafetensorsFile,
  each: GoldenCase,
): Promise<Record<string, unknown>> {
  const { op: _op, policy: _policy, key, block, experts, pageSize, ...numbers } = each
  const args: Record<string, unknown> = { ...numbers }
  const options = block ? { block } : {}
  for (const name of file.names) {
    if (!name.startsWith(`${key}/`) || name.endsWith('_scale_inv')) continue
    const argument = name.slice(key.length + 1)
    if (!argument.startsWith('out')) {
      args[argument] = uploadWeight(backend, await readWeight(file, name, options), argument)
      continue
    }
    const { shape, dtype: stored } = await file.info(name)
    const target = argument.replace('out_', '')
    if (file.has(`${key}/${target}`) && target !== 'out') continue
    const dtype: DType = stored === 'I32' ? 'i32' : 'f32'
    const data = new Uint8Array(4 * shape.reduce((product, size) => product * size, 1))
    args[target] = uploadTensor(backend, { dtype, shape, data }, target)
  }
  if (pageSize) {
    const { 'paging.sequences': sequences, 'paging.pages': pages } = args
    args.paging = { sequences, pages, pageSize }
  }
  if (experts !== undefined) {
    const part = (name: string, e: number) => args[`${name}${e}`] as Weight
    args.experts = Array.from({ length: experts }, (_, e) => ({
      gate: part('gate', e),
      up: part('up', e),
      down: part('down', e),
    }))
  }
  return args
}

test('block-scaled rows decode as fp8-core dequantizes them, up to the rounding to f32', async () => {
  const name = 'linear-e4m3-v3/weight'
  const host = await readWeight(golden, name)
  if (!isBlockScaledArray(host)) throw new TypeError('the fixture must be FP8')
  const [outputs, inputs] = host.shape
  const ones = Float32Array.from({ length: inputs * inputs }, (_, i) => (i % (inputs + 1) === 0 ? 1 : 0))
  const x = uploadTensor(
    backend,
    { dtype: 'f32', shape: [inputs, inputs], data: new Uint8Array(ones.buffer) },
    'x',
  )
  const zeros = new Uint8Array(4 * inputs * outputs)
  const out = uploadTensor(backend, { dtype: 'f32', shape: [inputs, outputs], data: zeros }, 'out')
  backend.ops.linear({ x, weight: uploadWeight(backend, host, 'weight'), out })
  const got = await readFloat32(backend, out)
  const values = dequantize(host)
  const transposed = values.map((_, i) => got[(i % inputs) * outputs + Math.floor(i / inputs)]!)
  expect(transposed).toEqual(values)
})
