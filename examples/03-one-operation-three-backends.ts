// One matrix product in FP8 on three backends: `reference` is the definition, `wasm` and `webgpu` are the fast ones.
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { createWebgpuBackend } from '@octoscale/backend-webgpu'
import { quantize, recipes } from '@octoscale/fp8-core'
import {
  allocTensor,
  type Backend,
  DeviceError,
  readFloat32,
  uploadWeight,
  writeTensor,
} from '@octoscale/tensor'

const [tokens, inputs, outputs] = [4, 256, 384]
const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step))
const weight = quantize(wave(outputs * inputs, 0.7), [outputs, inputs], recipes.deepseekWeightUe8m0)

async function product(backend: Backend): Promise<Float32Array> {
  const x = allocTensor(backend, 'f32', [tokens, inputs], 'x')
  writeTensor(backend, x, wave(tokens * inputs, 0.3))
  const out = allocTensor(backend, 'f32', [tokens, outputs], 'out')
  backend.ops.linear({ x, weight: uploadWeight(backend, weight, 'weight'), out })
  const result = await readFloat32(backend, out)
  backend.dispose()
  return result
}

const reference = await product(createReferenceBackend())
console.log('reference', reference.subarray(0, 4))
for (const create of [createWasmBackend, createWebgpuBackend]) {
  try {
    const backend = await create()
    const result = await product(backend)
    const largest = Math.max(...reference.map((value, i) => Math.abs(value - result[i]!)))
    console.log(backend.info.name, result.subarray(0, 4), 'largest difference', largest)
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error
    console.log(error.message) // Not every machine has a GPU.
  }
}
