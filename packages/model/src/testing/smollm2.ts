/** SmolLM2-135M-Instruct as a checkpoint in DeepSeek's FP8 layout, made in memory from the GGUF file. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { quantize, recipes } from '@octoscale/fp8-core'
import { bytesSource, type Checkpoint, folderOf, openCheckpoint, writeSafetensors } from '@octoscale/tensor'
import { namesOfGguf } from '../checkpoint/gguf-names.ts'
import type { ModelConfig } from '../config/model-config.ts'
import { readModelConfig } from '../config/read-model-config.ts'
import type { Tensors } from './changed-checkpoint.ts'

const cached = '../../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf'
const smollm2Path = process.env.OCTOSCALE_SMOLLM2 ?? fileURLToPath(new URL(cached, import.meta.url))

/** Why a test with the file cannot run; undefined when it can. */
export const smollm2Absent: string | undefined = existsSync(smollm2Path)
  ? undefined
  : 'the file is absent: run python tooling/fixtures/gguf/fetch_smollm2.py (98 MB)'

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The matrices of the layers in E4M3 with blocks of 128 x 128 and power-of-two scales, the rest in F32. */
export async function smollm2InFp8(): Promise<{ checkpoint: Checkpoint; config: ModelConfig }> {
  const gguf = await openCheckpoint(smollm2Path)
  const config = await readModelConfig(gguf)
  const tensors: Record<string, Tensors[string]> = {}
  for (const stored of gguf.names) {
    const { shape } = await gguf.info(stored)
    const values = await gguf.readFloat32(stored)
    const [name] = namesOfGguf(stored, 1) as [string]
    const [rows, columns] = shape as [number, number]
    if (!name.endsWith('_proj.weight')) {
      tensors[name] = { dtype: 'F32', shape, data: bytesOf(values) }
      continue
    }
    const { codes, scales } = quantize(values, [rows, columns], recipes.deepseekWeightUe8m0)
    const scaleShape = [Math.ceil(rows / 128), Math.ceil(columns / 128)]
    tensors[name] = { dtype: 'F8_E4M3', shape, data: codes }
    tensors[`${name}_scale_inv`] = { dtype: 'F32', shape: scaleShape, data: bytesOf(scales) }
  }
  const source = bytesSource('model.safetensors', writeSafetensors(tensors))
  const quantization = { method: 'fp8', format: 'e4m3', block: [128, 128], scaleFormat: 'ue8m0' } as const
  return {
    checkpoint: await openCheckpoint(folderOf('SmolLM2 in FP8', [source])),
    config: { ...config, quantization },
  }
}
