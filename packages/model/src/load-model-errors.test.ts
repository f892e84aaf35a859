import { createReferenceBackend } from '@octoscale/backend-cpu'
import {
  type Backend,
  bytesSource,
  FileNotFoundError,
  FormatError,
  folderOf,
  OutOfMemoryError,
  openCheckpoint,
} from '@octoscale/tensor'
import { describe, expect, it } from 'vitest'
import { CheckpointError } from './errors.ts'
import { loadModel } from './load-model.ts'
import { loadChanged, readBytes, type Tensors } from './testing/changed-checkpoint.ts'
import { countAllocations, goldenConfig, loadGolden } from './testing/golden.ts'

/** The error of a changed model, and that it left nothing allocated. */
async function errorOf(...args: Parameters<typeof loadChanged>): Promise<Error> {
  const counted = countAllocations(args[2] ?? createReferenceBackend())
  const error = await loadChanged(args[0], args[1], counted.backend).catch((reason: unknown) => reason)
  expect(counted.live()).toBe(0)
  if (error instanceof CheckpointError) expect(counted.allocations()).toBe(0)
  if (error instanceof Error) return error
  return expect.fail('no error')
}

describe('loadModel with a checkpoint that does not fit', () => {
  const kvB = 'model.layers.1.self_attn.kv_b_proj.weight'

  it('names a missing tensor, with what it should be', async () => {
    const tensors = (all: Tensors): void => void Reflect.deleteProperty(all, kvB)
    expect(await errorOf('fp8-ue8m0', { tensors })).toMatchObject({
      name: 'CheckpointError',
      problem: 'missing',
      tensor: kvB,
      expected: 'F32 or BF16 or F16 or F8_E4M3 [240, 130]',
    })
  })

  it('names missing scales', async () => {
    const tensors = (all: Tensors): void => void Reflect.deleteProperty(all, `${kvB}_scale_inv`)
    const error = await errorOf('fp8-ue8m0', { tensors })
    expect(error).toMatchObject({
      problem: 'missing',
      tensor: `${kvB}_scale_inv`,
      expected: 'F32 or BF16 or F8_E8M0 [2, 2]',
    })
  })

  it('names an unexpected tensor', async () => {
    const extra = 'model.layers.2.input_layernorm.weight'
    const error = await errorOf('fp8-ue8m0', {
      tensors: (all) => {
        all[extra] = { dtype: 'BF16', shape: [2], data: new Uint8Array(4) }
      },
    })
    expect(error).toMatchObject({ name: 'CheckpointError', problem: 'unexpected', tensor: extra })
  })

  it('prints names from the file without control characters, and not whole when they are long', async () => {
    const extra = `\u001b[2J\u202e${'x'.repeat(1000)}`
    const error = await errorOf('fp8-ue8m0', {
      tensors: (all) => {
        all[extra] = { dtype: 'BF16', shape: [2], data: new Uint8Array(4) }
      },
    })
    expect(error).toMatchObject({ problem: 'unexpected', tensor: extra })
    expect(error.message).toContain('tensor ?[2J?xxx')
    expect(error.message.length).toBeLessThan(300)
  })

  it('names the file, the tensor and both shapes', async () => {
    const error = await errorOf('fp8-ue8m0', { config: { kv_lora_rank: 129 } })
    expect(error).toMatchObject({
      problem: 'shape',
      tensor: 'model.layers.0.self_attn.kv_a_proj_with_mqa.weight',
    })
    expect(error.message).toBe(
      'model.safetensors: tensor model.layers.0.self_attn.kv_a_proj_with_mqa.weight: ' +
        'expected F32 or BF16 or F16 or F8_E4M3 [141, 144], got F8_E4M3 [142, 144]',
    )
  })

  it('compares the scales with the block size of the config', async () => {
    const quantization_config = { quant_method: 'fp8', fmt: 'e4m3', weight_block_size: [64, 64] }
    const error = await errorOf('fp8-ue8m0', { config: { quantization_config } })
    expect(error).toMatchObject({
      problem: 'shape',
      expected: 'F32 or BF16 or F8_E8M0 [3, 3]',
      got: 'F32 [2, 2]',
    })
  })

  it('refuses FP8 weights when the config has no quantization_config', async () => {
    const error = await errorOf('fp8-ue8m0', { config: { quantization_config: null } })
    expect(error).toMatchObject({ problem: 'dtype', got: 'F8_E4M3' })
    expect(error.message).toContain('config.json has no quantization_config')
  })

  it('refuses experts of unequal kinds', async () => {
    const name = 'model.layers.1.mlp.experts.2.up_proj.weight'
    const error = await errorOf('fp8-ue8m0', {
      tensors: (all) => {
        const { shape } = all[name] as Tensors[string]
        const elements = shape.reduce((a, b) => a * b)
        all[name] = { dtype: 'BF16', shape, data: new Uint8Array(2 * elements) }
      },
    })
    expect(error).toMatchObject({
      problem: 'dtype',
      tensor: name,
      expected: 'F8_E4M3 [34, 144]',
      got: 'BF16 [34, 144]',
    })
  })

  it('refuses a dtype that is no weight', async () => {
    const error = await errorOf('fp8-ue8m0', {
      tensors: (all) => {
        all['model.norm.weight'] = { dtype: 'I64', shape: [144], data: new Uint8Array(8 * 144) }
      },
    })
    expect(error).toMatchObject({ problem: 'dtype', tensor: 'model.norm.weight', got: 'I64 [144]' })
  })

  it('refuses scales that are not finite', async () => {
    const error = await errorOf('fp8-ue8m0', {
      tensors: (all) => {
        const scales = all[`${kvB}_scale_inv`] as Tensors[string]
        const values = new Float32Array(scales.data.slice().buffer)
        values[1] = Number.NaN
        all[`${kvB}_scale_inv`] = { ...scales, data: new Uint8Array(values.buffer) }
      },
    })
    expect(error).toBeInstanceOf(FormatError)
    expect(error).toMatchObject({ file: 'model.safetensors', tensor: `${kvB}_scale_inv` })
  })

  it.each([
    ['in the header', 100],
    ['in the data', -100],
  ])('refuses a file truncated %s', async (_, end) => {
    const error = await errorOf('fp8-ue8m0', { bytes: (bytes) => bytes.slice(0, end) })
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain('model.safetensors')
  })

  it('refuses a folder without a checkpoint', async () => {
    await expect(openCheckpoint(folderOf('empty', []))).rejects.toThrow(FileNotFoundError)
  })
})

describe('loadModel that cannot finish', () => {
  it.each([1, 20, 60])('gives memory back when allocation %i fails', async (failing) => {
    const backend = createReferenceBackend()
    let count = 0
    const failed = new OutOfMemoryError({ label: 'test', bytes: 1, detail: 'full' })
    const small: Backend = {
      ...backend,
      alloc(bytes, label) {
        if (++count === failing) throw failed
        return backend.alloc(bytes, label)
      },
    }
    expect(await errorOf('fp8-ue8m0', {}, small)).toBe(failed)
  })

  it('gives memory back when reading fails', async () => {
    const counted = countAllocations(createReferenceBackend())
    const source = bytesSource('model.safetensors', await readBytes('fp8-ue8m0'))
    let reads = 0
    const failed = new FormatError({ file: 'model.safetensors', problem: 'test' })
    const broken = {
      ...source,
      read: async (offset: number, length: number) => {
        if (++reads > 15) throw failed
        return source.read(offset, length)
      },
    }
    const checkpoint = await openCheckpoint(folderOf('broken', [broken]))
    const config = await goldenConfig('fp8-ue8m0')
    await expect(loadModel({ config, checkpoint, backend: counted.backend })).rejects.toBe(failed)
    expect(counted.live()).toBe(0)
  })

  it('stops when aborted, before and while reading', async () => {
    for (const after of [0, 1, 5]) {
      const counted = countAllocations(createReferenceBackend())
      const controller = new AbortController()
      let calls = 0
      const abort = (): void => {
        if (calls++ === after) controller.abort()
      }
      const { signal } = controller
      const load = loadGolden('fp8-ue8m0', counted.backend, { onProgress: abort, signal })
      await expect(load).rejects.toMatchObject({ name: 'AbortError' })
      expect(counted.live()).toBe(0)
    }
    await expect(
      loadGolden('fp8-ue8m0', createReferenceBackend(), { signal: AbortSignal.abort() }),
    ).rejects.toThrow()
  })
})
