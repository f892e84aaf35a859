import { createReferenceBackend } from '@octoscale/backend-cpu'
import { decode } from '@octoscale/fp8-core'
import { bytesSource, folderOf, openCheckpoint, writeSafetensors } from '@octoscale/tensor'
import { describe, expect, it } from 'vitest'
import type { LatentConfig } from './config/model-config.ts'
import { OptionError } from './errors.ts'
import { type LoadProgress, loadModel } from './load-model.ts'
import type { Model } from './model.ts'
import { loadChanged, readTensors, type Tensors } from './testing/changed-checkpoint.ts'
import { countAllocations, goldenConfig, goldenLogits, loadGolden, relativeError } from './testing/golden.ts'

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
      const ropeTable = info.contextLength * (config as LatentConfig).ropeHeadDim * 4
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
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(2e-5)
  })

  it('widens a routing bias in BF16', async () => {
    const name = 'bf16-groups-yarn'
    const bias = 'model.layers.1.mlp.gate.e_score_correction_bias'
    const { ids } = await goldenLogits(name)
    const values = [-3, 0.5, 0, 0.25, 1, -1, 0, 2]
    const logitsWith = async (stored: Tensors[string]): Promise<Float32Array> => {
      const model = await loadChanged(name, { tensors: (all) => void Object.assign(all, { [bias]: stored }) })
      return model.forward({ ids, start: 0, cache: model.createCache(40), logits: 'all' })
    }
    const f32 = Float32Array.from(values)
    const bf16 = Uint16Array.from(new Uint32Array(f32.buffer), (bits) => bits >>> 16)
    const wide = await logitsWith({ dtype: 'F32', shape: [8], data: new Uint8Array(f32.buffer) })
    expect(await logitsWith({ dtype: 'BF16', shape: [8], data: new Uint8Array(bf16.buffer) })).toEqual(wide)
    expect(relativeError(wide, (await goldenLogits(name)).logits)).toBeGreaterThan(1e-3)
  })

  it('reads a checkpoint in several files', async () => {
    const name = 'bf16-groups-yarn'
    const parts: Record<string, Tensors[string]>[] = [{}, {}, {}]
    const weight_map: Record<string, string> = {}
    Object.entries(await readTensors(name)).forEach(([tensor, stored], i) => {
      Object.assign(parts[i % 3] ?? {}, { [tensor]: stored })
      weight_map[tensor] = `model-${i % 3}.safetensors`
    })
    const index = new TextEncoder().encode(JSON.stringify({ weight_map }))
    const folder = folderOf('parts', [
      bytesSource('model.safetensors.index.json', index),
      ...parts.map((part, i) => bytesSource(`model-${i}.safetensors`, writeSafetensors(part))),
    ])
    const checkpoint = await openCheckpoint(folder)
    const config = await goldenConfig(name)
    const model = await loadModel({ config, checkpoint, backend: createReferenceBackend() })
    const { ids, logits } = await goldenLogits(name)
    const actual = await model.forward({ ids, start: 0, cache: model.createCache(40), logits: 'all' })
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(2e-5)
  })

  it('takes an FP8 output head', async () => {
    const { ids } = await goldenLogits('fp8-ue8m0')
    const all = (model: Model): Promise<Float32Array> =>
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
