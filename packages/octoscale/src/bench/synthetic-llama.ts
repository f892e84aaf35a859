/** A Llama of any size with E4M3 weights in blocks of 128 x 128, written as a checkpoint. Its weights mean nothing. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface LlamaSizes {
  readonly layers: number
  readonly hidden: number
  readonly intermediate: number
}

const VOCABULARY = 32000
const HEAD = 128
const BLOCK = 128
/** Bytes of weights that repeat. */
const PERIOD = 4 << 20

type Entry = readonly [name: string, dtype: 'BF16' | 'F8_E4M3' | 'F32', shape: readonly number[]]
const widths = { BF16: 2, F8_E4M3: 1, F32: 4 }
const bytesOf = ([, dtype, shape]: Entry): number => shape.reduce((a, b) => a * b, widths[dtype])

/** Writes `config.json` and `model.safetensors`. */
export function writeLlama(folder: string, sizes: LlamaSizes): void {
  const entries = entriesOf(sizes)
  const header: Record<string, unknown> = {}
  let offset = 0
  for (const entry of entries) {
    const [name, dtype, shape] = entry
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytesOf(entry)] }
    offset += bytesOf(entry)
  }
  const text = JSON.stringify(header)
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(sizes)))
  const file = openSync(join(folder, 'model.safetensors'), 'w')
  writeSync(file, new Uint8Array(BigUint64Array.of(BigInt(padded.length)).buffer))
  writeSync(file, padded)
  const sources = {
    F8_E4M3: codes(),
    BF16: halves(),
    F32: new Uint8Array(new Float32Array(PERIOD / 4).fill(2 ** -9).buffer),
  }
  const ones = new Uint8Array(Uint16Array.from({ length: sizes.hidden }, () => 0x3f80).buffer)
  for (const entry of entries) {
    const source = entry[2].length === 1 ? ones : sources[entry[1]]
    for (let left = bytesOf(entry); left > 0; left -= source.length) {
      writeSync(file, source, 0, Math.min(left, source.length))
    }
  }
  closeSync(file)
}

function entriesOf({ layers, hidden, intermediate }: LlamaSizes): Entry[] {
  const fp8 = (name: string, rows: number, columns: number): Entry[] => [
    [`${name}.weight`, 'F8_E4M3', [rows, columns]],
    [`${name}.weight_scale_inv`, 'F32', [Math.ceil(rows / BLOCK), Math.ceil(columns / BLOCK)]],
  ]
  const layer = (at: string): Entry[] => [
    [`${at}.input_layernorm.weight`, 'BF16', [hidden]],
    ...['q', 'k', 'v', 'o'].flatMap((name) => fp8(`${at}.self_attn.${name}_proj`, hidden, hidden)),
    [`${at}.post_attention_layernorm.weight`, 'BF16', [hidden]],
    ...['gate', 'up'].flatMap((name) => fp8(`${at}.mlp.${name}_proj`, intermediate, hidden)),
    ...fp8(`${at}.mlp.down_proj`, hidden, intermediate),
  ]
  return [
    ['model.embed_tokens.weight', 'BF16', [VOCABULARY, hidden]],
    ...Array.from({ length: layers }, (_, i) => layer(`model.layers.${i}`)).flat(),
    ['model.norm.weight', 'BF16', [hidden]],
    ['lm_head.weight', 'BF16', [VOCABULARY, hidden]],
  ]
}

function configOf({ layers, hidden, intermediate }: LlamaSizes): object {
  return {
    model_type: 'llama',
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: hidden / HEAD,
    num_key_value_heads: hidden / HEAD,
    head_dim: HEAD,
    vocab_size: VOCABULARY,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: 'silu',
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
    bos_token_id: 1,
    eos_token_id: 2,
    quantization_config: { quant_method: 'fp8', fmt: 'e4m3', weight_block_size: [BLOCK, BLOCK] },
  }
}

/** Signs and mantissas at random, exponents of values from 2 to 16 (with the scale 2^-9: 0.004 to 0.03). */
function codes(): Uint8Array {
  return bytes((random) => (random & 0x87) | ((((random >> 8) & 1) + 8 + ((random >> 9) & 1)) * 8))
}

/** bf16 of either sign, 0.004 to 0.03: exponents 119 to 121, in two bytes. */
function halves(): Uint8Array {
  const low = bytes((random) => random & 0xff)
  const high = bytes((random) => ((random & 1) << 7) | 0x3c)
  return low.map((byte, i) => (i % 2 === 0 ? byte : high[i]!))
}

/** The same ones in every run: the high bits of a linear congruential generator. */
function bytes(of: (random: number) => number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length: PERIOD }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return of(state >>> 16)
  })
}
