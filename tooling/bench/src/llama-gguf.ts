/** The synthetic Llama of `llama.ts` as a GGUF file in Q8_0, for the peers: random codes, one scale. */
import { open, rename, stat } from 'node:fs/promises'
import { llama } from './llama.ts'

/** Numbers of GGUF's types. */
const types = { u32: 4, f32: 6, string: 8, array: 9, i32: 5 } as const
const ALIGNMENT = 32
const Q8_0 = 8
const F32 = 0
/** A block of Q8_0: a scale in f16, then 32 codes. */
const BLOCK_BYTES = 34

interface Entry {
  readonly name: string
  /** GGUF's order: columns first. */
  readonly shape: readonly number[]
  readonly type: number
  readonly bytes: number
}

/** Writes the file unless it is there. */
export async function writeLlamaGguf(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return
  const entries = listEntries()
  const header = headerOf(entries)
  const file = await open(`${path}.part`, 'w')
  await file.write(header)
  const pattern = randomBlocks(30840)
  const ones = new Uint8Array(new Float32Array(llama.hidden).fill(1).buffer)
  for (const { type, bytes } of entries) {
    const source = type === F32 ? ones : pattern
    for (let at = 0; at < bytes; at += source.length) {
      await file.write(source.subarray(0, Math.min(source.length, bytes - at)))
    }
    await file.write(new Uint8Array(padding(bytes)))
  }
  await file.close()
  await rename(`${path}.part`, path)
}

function listEntries(): Entry[] {
  const { hidden, layers, kvHeads, headDim, intermediate, vocabulary } = llama
  const matrix = (name: string, rows: number, columns: number): Entry => {
    const bytes = (rows * columns * BLOCK_BYTES) / 32
    return { name: `${name}.weight`, shape: [columns, rows], type: Q8_0, bytes }
  }
  const norm = (name: string): Entry => {
    return { name: `${name}.weight`, shape: [hidden], type: F32, bytes: 4 * hidden }
  }
  const layer = (_: unknown, i: number): Entry[] => [
    norm(`blk.${i}.attn_norm`),
    matrix(`blk.${i}.attn_q`, hidden, hidden),
    matrix(`blk.${i}.attn_k`, kvHeads * headDim, hidden),
    matrix(`blk.${i}.attn_v`, kvHeads * headDim, hidden),
    matrix(`blk.${i}.attn_output`, hidden, hidden),
    norm(`blk.${i}.ffn_norm`),
    matrix(`blk.${i}.ffn_gate`, intermediate, hidden),
    matrix(`blk.${i}.ffn_up`, intermediate, hidden),
    matrix(`blk.${i}.ffn_down`, hidden, intermediate),
  ]
  const blocks = Array.from({ length: layers }, layer).flat()
  const embedding = matrix('token_embd', vocabulary, hidden)
  return [embedding, ...blocks, norm('output_norm'), matrix('output', vocabulary, hidden)]
}

function headerOf(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = []
  const scratch = new DataView(new ArrayBuffer(8))
  const push = (size: number) => {
    for (let i = 0; i < size; i++) bytes.push(scratch.getUint8(i))
  }
  const u32 = (value: number) => {
    scratch.setUint32(0, value, true)
    push(4)
  }
  const u64 = (value: number) => {
    scratch.setBigUint64(0, BigInt(value), true)
    push(8)
  }
  const f32 = (value: number) => {
    scratch.setFloat32(0, value, true)
    push(4)
  }
  const text = (value: string) => {
    const encoded = new TextEncoder().encode(value)
    u64(encoded.length)
    bytes.push(...encoded)
  }
  const keys: (() => void)[] = []
  const key = (name: string, type: number, write: () => void) =>
    keys.push(() => {
      text(name)
      u32(type)
      write()
    })
  const array = <T>(name: string, type: number, values: readonly T[], write: (value: T) => void) =>
    key(name, types.array, () => {
      u32(type)
      u64(values.length)
      values.forEach(write)
    })
  const integer = (name: string, value: number) => key(name, types.u32, () => u32(value))
  key('general.architecture', types.string, () => text('llama'))
  integer('llama.context_length', 32768)
  integer('llama.embedding_length', llama.hidden)
  integer('llama.block_count', llama.layers)
  integer('llama.feed_forward_length', llama.intermediate)
  integer('llama.attention.head_count', llama.heads)
  integer('llama.attention.head_count_kv', llama.kvHeads)
  key('llama.attention.layer_norm_rms_epsilon', types.f32, () => f32(1e-6))
  const tokens = Array.from({ length: llama.vocabulary }, (_, i) => tokenText(i))
  key('tokenizer.ggml.model', types.string, () => text('llama'))
  array('tokenizer.ggml.tokens', types.string, tokens, text)
  array('tokenizer.ggml.scores', types.f32, tokens, () => f32(0))
  array('tokenizer.ggml.token_type', types.i32, [...tokens.keys()], (i) => u32(tokenType(i)))
  integer('tokenizer.ggml.bos_token_id', 1)
  integer('tokenizer.ggml.eos_token_id', 2)

  bytes.push(...new TextEncoder().encode('GGUF'))
  u32(3)
  u64(entries.length)
  u64(keys.length)
  for (const write of keys) write()
  let offset = 0
  for (const { name, shape, type, bytes: size } of entries) {
    text(name)
    u32(shape.length)
    shape.forEach(u64)
    u32(type)
    u64(offset)
    offset += size + padding(size)
  }
  return Uint8Array.from([...bytes, ...new Array<number>(padding(bytes.length)).fill(0)])
}

/** Unknown, begin, end, 256 bytes, then words. */
function tokenText(i: number): string {
  if (i < 3) return ['<unk>', '<s>', '</s>'][i]!
  return i < 259 ? `<0x${(i - 3).toString(16).toUpperCase().padStart(2, '0')}>` : `w${i}`
}

/** GGUF's kinds: 2 unknown, 3 control, 6 byte, 1 normal. */
function tokenType(i: number): number {
  if (i === 0) return 2
  return i < 3 ? 3 : i < 259 ? 6 : 1
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT
}

function randomBlocks(count: number): Uint8Array {
  const bytes = Uint8Array.from({ length: count * BLOCK_BYTES }, (_, i) => (i * 2654435761) >>> 24)
  // 2^-11 in f16.
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) bytes.set([0x00, 0x10], at)
  return bytes
}
