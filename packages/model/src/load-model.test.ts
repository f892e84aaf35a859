import { readFile } from 'node:fs/promises'
import { createReferenceBackend } from '@octoscale/backend-cpu'
import { decode } from '@octoscale/fp8-core'
import {
  type Backend,
  bytesSource,
  FileNotFoundError,
  FormatError,
  folderOf,
  OutOfMemoryError,
  openCheckpoint,
  writeSafetensors,
} from '@octoscale/tensor'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config/parse-config.ts'
import { CheckpointError, OptionError } from './errors.ts'
import { type LoadProgress, loadModel } from './load-model.ts'
import {
  countAllocations,
  type GoldenName,
  goldenConfig,
  goldenJson,
  goldenLogits,
  goldenPath,
  loadGolden,
  relativeError,
} from './test-support.ts'

type Tensors = Parameters<typeof writeSafetensors>[0]
type StoredDType = Tensors[string]['dtype']

async function readBytes(name: GoldenName): Promise<Uint8Array> {
  return new Uint8Array(await readFile(`${goldenPath(name)}/model.safetensors`))
}

/** The golden file's tensors, to be changed and written again. */
async function readTensors(name: GoldenName): Promise<Record<string, Tensors[string]>> {
  const source = bytesSource('model.safetensors', await readBytes(name))
  const checkpoint = await openCheckpoint(folderOf('golden', [source]))
  const tensors: Record<string, Tensors[string]> = {}
  for (const each of checkpoint.names) {
    const { dtype, shape } = await checkpoint.info(each)
    tensors[each] = { dtype: dtype as StoredDType, shape, data: await checkpoint.read(each) }
  }
  return tensors
}

/** Loads a golden model after changes to its tensors, its config or its file's bytes. */
async function loadChanged(
  name: GoldenName,
  change: {
    tensors?: (tensors: Record<string, Tensors[string]>) => void
    config?: Record<string, unknown>
    bytes?: (bytes: Uint8Array) => Uint8Array
  },
  backend: Backend = createReferenceBackend(),
) {
  const tensors = await readTensors(name)
  change.tensors?.(tensors)
  const bytes = writeSafetensors(tensors)
  const source = bytesSource('model.safetensors', change.bytes?.(bytes) ?? bytes)
  const checkpoint = await openCheckpoint(folderOf('changed', [source]))
  const config = parseConfig({ ...(await goldenJson(name)), ...change.config })
  return loadModel({ config, checkpoint, backend })
}

/** The error of a changed model, and that it left nothing allocated. */
async function errorOf(...args: Parameters<typeof loadChanged>): Promise<Error> {
  const counted = countAllocations(args[2] ?? createReferenceBackend())
  const error = await loadChanged(args[0], args[1], counted.backend).catch((reason: unknown) => reason)
  expect(counted.live()).toBe(0)
  if (error instanceof CheckpointError) expect(counted.allocations()).toBe(0)
  if (error instanceof Error) return error
  return expect.fail('no error')
}

describe('loadModel', () => {
  it('says what it loaded', async () => {
    const { info } = await loadGolden('fp8-float-scales', createReferenceBackend(), {
      maxContext: 100,
      maxBatch: 8,
    })
    expect(info).toMatchObject({
      architecture: 'deepseek_v3',
      contextLength: 100,
      batch: 8,
      cacheBytesPerToken: 3 * (40 + 16) * 4,
      mtp: { layers: 0, skippedTensors: [], skippedBytes: 0 },
    })
    // Counted independently: all stored elements but the scales.
    const tensors = Object.entries(await readTensors('fp8-float-scales'))
    const elements = tensors
      .filter(([name]) => !name.endsWith('_scale_inv'))
      .reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b), 0)
    expect(info.parameters).toBe(elements)
  })

  it('keeps FP8 codes and BF16 values in the size they are stored in', async () => {
    for (const name of ['fp8-ue8m0', 'bf16-no-query-rank'] as const) {
      const stored = Object.values(await readTensors(name)).reduce(
        (sum, { data }) => sum + data.byteLength,
        0,
      )
      const { info, config } = await loadGolden(name, createReferenceBackend())
      const ropeTable = info.contextLength * config.ropeHeadDim * 4
      // Experts lie at distances that are multiples of 256 bytes.
      expect(info.bytes - ropeTable).toBeGreaterThanOrEqual(stored)
      expect(info.bytes - ropeTable).toBeLessThan(stored * 1.1)
    }
  })

  it('reports progress in bytes, from nothing to all', async () => {
    const seen: LoadProgress[] = []
    await loadGolden('fp8-ue8m0', createReferenceBackend(), { onProgress: (progress) => seen.push(progress) })
    const total = Object.values(await readTensors('fp8-ue8m0')).reduce(
      (sum, { data }) => sum + data.byteLength,
      0,
    )
    expect(seen[0]).toEqual({ bytes: 0, totalBytes: total })
    expect(seen.at(-1)).toEqual({ bytes: total, totalBytes: total })
    expect(seen.every(({ bytes }, i) => i === 0 || bytes > (seen[i - 1]?.bytes ?? 0))).toBe(true)
  })

  it('leaves the MTP layer out, and says so', async () => {
    const { info } = await loadGolden('bf16-groups-yarn', createReferenceBackend())
    const names = Object.keys(await readTensors('bf16-groups-yarn'))
    expect(info.mtp.layers).toBe(1)
    expect([...info.mtp.skippedTensors].sort()).toEqual(
      names.filter((n) => n.startsWith('model.layers.3.')).sort(),
    )
    expect(info.mtp.skippedTensors).toContain('model.layers.3.eh_proj.weight')
    expect(info.mtp.skippedBytes).toBeGreaterThan(0)
  })

  it('gives everything back on dispose, also when called twice', async () => {
    const counted = countAllocations(createReferenceBackend())
    const model = await loadGolden('bf16-no-query-rank', counted.backend)
    expect(counted.live()).toBeGreaterThan(0)
    model.dispose()
    model.dispose()
    expect(counted.live()).toBe(0)
  })

  it('widens scales in other dtypes exactly: F8_E8M0 gives the logits of F32', async () => {
    const { ids, logits } = await goldenLogits('fp8-ue8m0')
    const model = await loadChanged('fp8-ue8m0', {
      tensors: (tensors) => {
        for (const [name, tensor] of Object.entries(tensors)) {
          if (!name.endsWith('_scale_inv')) continue
          const bits = new Uint32Array(tensor.data.slice().buffer)
          expect(bits.every((value) => (value & 0x807fffff) === 0)).toBe(true)
          tensors[name] = {
            dtype: 'F8_E8M0',
            shape: tensor.shape,
            data: Uint8Array.from(bits, (value) => value >>> 23),
          }
        }
      },
    })
    const actual = await model.forward({ ids, start: 0, cache: model.createCache(), logits: 'all' })
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(1e-4)
  })

  it('takes an FP8 output head', async () => {
    const { ids } = await goldenLogits('fp8-ue8m0')
    const all = (model: Awaited<ReturnType<typeof loadChanged>>): Promise<Float32Array> =>
      model.forward({ ids, start: 0, cache: model.createCache(40), logits: 'all' })
    const codes = Uint8Array.from({ length: 64 * 144 }, (_, i) => i % 0x7e)
    const scales = Float32Array.of(0.5, 0.25)
    const quantized = await loadChanged('fp8-ue8m0', {
      tensors: (tensors) => {
        tensors['lm_head.weight'] = { dtype: 'F8_E4M3', shape: [64, 144], data: codes }
        const data = new Uint8Array(scales.buffer)
        tensors['lm_head.weight_scale_inv'] = { dtype: 'F32', shape: [1, 2], data }
      },
    })
    const values = Float32Array.from(codes, (code, i) => decode(code, 'e4m3') * (i % 144 < 128 ? 0.5 : 0.25))
    const dense = await loadChanged('fp8-ue8m0', {
      tensors: (tensors) => {
        tensors['lm_head.weight'] = { dtype: 'F32', shape: [64, 144], data: new Uint8Array(values.buffer) }
      },
    })
    expect(await all(quantized)).toEqual(await all(dense))
  })

  it('ignores what follows from other tensors', async () => {
    const f32 = { dtype: 'F32' as const, shape: [1], data: new Uint8Array(4) }
    const model = await loadChanged('bf16-no-query-rank', {
      tensors: (tensors) => {
        tensors['model.layers.0.self_attn.rotary_emb.inv_freq'] = f32
        tensors['lm_head.weight'] = f32
      },
    })
    expect([...model.info.derivedTensors].sort()).toEqual([
      'lm_head.weight',
      'model.layers.0.self_attn.rotary_emb.inv_freq',
    ])
  })

  it.each([
    ['maxContext', 0],
    ['maxContext', 65],
    ['maxBatch', 0],
    ['maxBatch', 1.5],
  ])('refuses %s %d', async (option, value) => {
    const load = loadGolden('bf16-no-query-rank', createReferenceBackend(), { [option]: value })
    await expect(load).rejects.toThrow(OptionError)
    await expect(load).rejects.toMatchObject({ option })
  })
})

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
