/**
 * The whole of DeepSeek-V3.1, 61 layers of 256 experts and the layer for multi-token prediction, on names and shapes alone: every
 * tensor is asked for, none is left over but that layer when it is switched off. The list is made here from the rules of the
 * published layout (README_WEIGHTS.md of DeepSeek-V3), not read from a published index.
 *
 * Mutations seen red: copies of the embedding asked for, MTP always loaded, scale shapes rounded down, one dense layer fewer,
 * any layer beyond the last taken for MTP.
 */
import type { Checkpoint, StoredTensor } from '@octoscale/tensor'
import { describe, expect, it } from 'vitest'
import { type Inventory, takeInventory } from '../checkpoint/inventory.ts'
import { listWeights } from '../checkpoint/stored-weights.ts'
import { parseConfig } from '../config/parse-config.ts'
import { CheckpointError } from '../errors.ts'
import { chooseLimits } from '../limits.ts'
import { deepseekV31Json } from '../testing/deepseek-v31.ts'
import { architectures } from './index.ts'

const [hidden, vocabulary, layers, experts] = [7168, 129280, 61, 256]
const bytes: Readonly<Record<string, number>> = { BF16: 2, F32: 4, F8_E4M3: 1 }

/** Names, dtypes and shapes of model.safetensors.index.json and its files. */
function v31Tensors(): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>()
  const add = (name: string, dtype: string, ...shape: number[]): void => {
    const size = shape.reduce((product, each) => product * each, bytes[dtype] as number)
    tensors.set(name, { name, dtype, shape, bytes: size, offset: 0 })
  }
  const fp8 = (name: string, rows: number, columns: number): void => {
    add(name, 'F8_E4M3', rows, columns)
    add(`${name}_scale_inv`, 'F32', Math.ceil(rows / 128), Math.ceil(columns / 128))
  }
  const mlp = (prefix: string, width: number): void => {
    fp8(`${prefix}gate_proj.weight`, width, hidden)
    fp8(`${prefix}up_proj.weight`, width, hidden)
    fp8(`${prefix}down_proj.weight`, hidden, width)
  }
  add('model.embed_tokens.weight', 'BF16', vocabulary, hidden)
  for (let layer = 0; layer <= layers; layer++) {
    const prefix = `model.layers.${layer}.`
    const attention = `${prefix}self_attn.`
    add(`${prefix}input_layernorm.weight`, 'BF16', hidden)
    fp8(`${attention}q_a_proj.weight`, 1536, hidden)
    add(`${attention}q_a_layernorm.weight`, 'BF16', 1536)
    fp8(`${attention}q_b_proj.weight`, 24576, 1536)
    fp8(`${attention}kv_a_proj_with_mqa.weight`, 576, hidden)
    add(`${attention}kv_a_layernorm.weight`, 'BF16', 512)
    fp8(`${attention}kv_b_proj.weight`, 32768, 512)
    fp8(`${attention}o_proj.weight`, hidden, 16384)
    add(`${prefix}post_attention_layernorm.weight`, 'BF16', hidden)
    if (layer < 3) {
      mlp(`${prefix}mlp.`, 18432)
      continue
    }
    add(`${prefix}mlp.gate.weight`, 'BF16', experts, hidden)
    add(`${prefix}mlp.gate.e_score_correction_bias`, 'F32', experts)
    for (let e = 0; e < experts; e++) mlp(`${prefix}mlp.experts.${e}.`, 2048)
    mlp(`${prefix}mlp.shared_experts.`, 2048)
    if (layer < layers) continue
    for (const norm of ['enorm', 'hnorm', 'shared_head.norm']) add(`${prefix}${norm}.weight`, 'BF16', hidden)
    add(`${prefix}eh_proj.weight`, 'BF16', hidden, 2 * hidden)
    add(`${prefix}embed_tokens.weight`, 'BF16', vocabulary, hidden)
    add(`${prefix}shared_head.head.weight`, 'BF16', vocabulary, hidden)
  }
  add('model.norm.weight', 'BF16', hidden)
  add('lm_head.weight', 'BF16', vocabulary, hidden)
  return tensors
}

/** A checkpoint of headers alone. */
function inventoryOf(tensors: ReadonlyMap<string, StoredTensor>): Promise<Inventory> {
  const checkpoint = {
    format: 'safetensors',
    name: 'DeepSeek-V3.1',
    names: [...tensors.keys()],
    info: async (name: string) => tensors.get(name),
    fileOf: async () => ({ name: 'model.safetensors' }),
  }
  return takeInventory(checkpoint as unknown as Checkpoint)
}

/** What a build asks for, counted; nothing is allocated. */
function plan(inventory: Inventory, mtp: boolean) {
  const config = parseConfig(deepseekV31Json)
  const list = listWeights(inventory, config.quantization, (size, label) => ({ bytes: size, label }))
  const network = architectures.deepseek_v3.build(config, list.source, chooseLimits({ config, mtp }))
  return { config, list, network }
}

describe('the layout of DeepSeek-V3.1', async () => {
  const tensors = v31Tensors()
  const inventory = await inventoryOf(tensors)
  const mtpPrefix = `model.layers.${layers}.`

  it('is used to the last tensor, but for the layer of multi-token prediction', () => {
    const { config, list, network } = plan(inventory, false)
    const left = [...tensors.keys()].filter((name) => !list.used.has(name))
    expect(left.length).toBe([...tensors.keys()].filter((name) => name.startsWith(mtpPrefix)).length)
    for (const name of left) expect(architectures.deepseek_v3.skip(config, name)).toBe('mtp')
    expect(network.cache).toEqual(Array.from({ length: layers }, () => ({ shape: [576], part: 512 })))
    expect(network.mtp).toBeUndefined()
    expect(list.parameters()).toBe(671_026_419_200)
  })

  it('is used to the last tensor with it, but for the copies of embedding and head', () => {
    const { config, list, network } = plan(inventory, true)
    const left = [...tensors.keys()].filter((name) => !list.used.has(name))
    expect(left).toEqual([`${mtpPrefix}embed_tokens.weight`, `${mtpPrefix}shared_head.head.weight`])
    for (const name of left) expect(architectures.deepseek_v3.skip(config, name)).toBe('mtp')
    expect(network.cache).toHaveLength(layers + 1)
  })

  it.each([
    ['model.layers.60.mlp.experts.255.down_proj.weight_scale_inv', [56, 15]],
    ['model.layers.0.self_attn.kv_a_proj_with_mqa.weight_scale_inv', [4, 56]],
    ['model.layers.2.mlp.gate_proj.weight', [18431, 7168]],
    ['model.layers.61.eh_proj.weight', [7168, 7168]],
  ])('is refused when %s has another shape, or is not there', async (name, shape) => {
    const other = new Map(tensors).set(name, { ...(tensors.get(name) as StoredTensor), shape })
    const wrong = await inventoryOf(other)
    expect(() => plan(wrong, true)).toThrow(CheckpointError)
    other.delete(name)
    const missing = await inventoryOf(other)
    expect(() => plan(missing, true)).toThrow(name)
  })

  it('has no place for a tensor more', () => {
    const { config } = plan(inventory, false)
    for (const name of [
      'model.layers.62.input_layernorm.weight',
      'model.layers.3.mlp.experts.256.up_proj.weight',
    ]) {
      expect(architectures.deepseek_v3.skip(config, name)).toBeUndefined()
    }
  })
})
