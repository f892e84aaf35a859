// One matrix product in FP8 on both CPU backends. `reference` is the definition, `wasm` is the fast one.
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { quantize, recipes } from '@octoscale/fp8-core'
import { allocTensor, type Backend, checked, readFloat32, uploadWeight, writeTensor } from '@octoscale/tensor'

const [tokens, inputs, outputs] = [4, 256, 384]
const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step))
const weight = quantize(wave(outputs * inputs, 0.7), [outputs, inputs], recipes.deepseekWeightUe8m0)

async function product(unchecked: Backend): Promise<Float32Array> {
  const backend = checked(unchecked)
  const x = allocTensor(backend, 'f32', [tokens, inputs], 'x')
  writeTensor(backend, x, wave(tokens * inputs, 0.3))
  const out = allocTensor(backend, 'f32', [tokens, outputs], 'out')
  backend.ops.linear({ x, weight: uploadWeight(backend, weight, 'weight'), out })
  const result = await readFloat32(backend, out)
  backend.dispose()
  return result
}

const [reference, wasm] = [await product(createReferenceBackend()), await product(await createWasmBackend())]
console.log('reference', reference.subarray(0, 4))
console.log('wasm     ', wasm.subarray(0, 4))
console.log('largest difference', Math.max(...reference.map((value, i) => Math.abs(value - wasm[i]!))))
