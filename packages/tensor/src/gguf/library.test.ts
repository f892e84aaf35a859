/**
 * `@huggingface/gguf` reads the same from a good file, and where it does not suffice (docs/decisions/0015-gguf-reader.md).
 * Its API takes addresses only: a `fetch` that answers from memory stands in for a server.
 *
 * Mutations seen red: shape not reversed, i16 big-endian, Q5_0 with another number.
 */
import { type GGUFParseOutput, gguf } from '@huggingface/gguf'
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { ggmlTypes } from './ggml-types.ts'
import { openGguf } from './open-gguf.ts'
import { fileOf, golden, info, str, u32 } from './test-files.ts'

function library(bytes: Uint8Array): Promise<GGUFParseOutput> {
  const serve = async (_url: unknown, init?: RequestInit) => {
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '') ?? []
    const part = bytes.slice(Number(first), Number(last) + 1)
    const headers = { 'content-range': `bytes ${first}-${last}/${bytes.length}` }
    return new Response(part, { status: 206, headers })
  }
  return gguf('https://localhost/test.gguf', { fetch: serve as typeof fetch })
}

/** As this package has values: safe integers as numbers, arrays of numbers as typed arrays. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  return value
}

test.each(['metadata.gguf', 'metadata-v2.gguf', 'tensors.gguf'])(
  '%s: the same as the library',
  async (name) => {
    const [mine, theirs] = [await openGguf(golden(name)), await library(golden(name))]
    expect([mine.version, mine.names.length]).toEqual([
      theirs.metadata.version,
      Number(theirs.metadata.tensor_count),
    ])
    let compared = 0
    for (const [key, value] of mine.metadata) {
      // The library's result is a plain object, where this is no key.
      if (key === '__proto__') continue
      const other = theirs.metadata[key as keyof typeof theirs.metadata] as unknown
      const same = typeof value === 'object' ? Array.from(value as Iterable<unknown>, flat) : value
      // It drops byte order marks.
      expect(withoutMarks(same), key).toEqual(Array.isArray(other) ? other.map(flat) : plain(other))
      compared++
    }
    expect(compared).toBe(Number(theirs.metadata.kv_count) - (name.startsWith('metadata') ? 1 : 0))
    const start = Number(theirs.tensorDataOffset)
    for (const { name: tensor, shape, dtype, offset } of theirs.tensorInfos) {
      const { number, name: type } = ggmlTypes.find((each) => each.number === dtype)!
      expect(number).toBe(dtype)
      expect(await mine.info(tensor)).toMatchObject({
        dtype: type,
        shape: shape.map(Number).reverse(),
        offset: start + Number(offset),
      })
    }
  },
)

function flat(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks)
  return typeof value === 'string' && value.startsWith('\ufeff') ? value.slice(1) : value
}

const pair = (key: string, type: number, ...value: readonly (bigint | string)[]) => [
  str(key),
  u32(type),
  ...value,
]

/** Files that it takes for good, and how we refuse them. */
const accepted: readonly [string, Uint8Array, RegExp][] = [
  ['a key twice', fileOf({ pairs: [pair('a', 10, 1n), pair('a', 10, 2n)] }), /the key "a" twice/],
  [
    'a tensor twice',
    fileOf({ tensors: [info('t', [1n], 0, 0n), info('t', [1n], 0, 32n)], data: 64 }),
    /tensor "t": is there twice/,
  ],
  ['text that is not UTF-8', fileOf({ pairs: [pair('a', 8, 1n, '\xff')] }), /not valid UTF-8/],
  ['a header that is cut', fileOf({ pairs: [pair('a', 8, 9n, 'cut')] }), /truncated/],
  [
    'a tensor beyond the end',
    fileOf({ tensors: [info('t', [2n ** 31n], 0, 0n)], data: 64 }),
    /the file ends at 128: truncated/,
  ],
  [
    'tensors that overlap',
    fileOf({ tensors: [info('a', [16n], 0, 0n), info('b', [16n], 0, 32n)], data: 128 }),
    /overlaps/,
  ],
]

test.each(accepted)('the library accepts %s, this package does not', async (_what, bytes, problem) => {
  expect((await library(bytes)).metadata.version).toBe(3)
  const refused = expect(openGguf(bytes)).rejects
  await refused.toThrow(FormatError)
  await refused.toThrow(problem)
})

test('a vocabulary of 64,000 tokens takes less CPU time than in the library', async () => {
  const strings = (key: string, list: readonly string[]) => [
    ...[str(key), u32(9), u32(8), BigInt(list.length)],
    list.map(str),
  ]
  const tokens = Array.from({ length: 64_000 }, (_, i) => `token${i}`)
  const merges = Array.from({ length: 128_000 }, (_, i) => `a${i} b${i}`)
  const file = fileOf({ pairs: [strings('tokens', tokens), strings('merges', merges)] })
  const ours = await cpuMilliseconds(() => openGguf(file))
  const theirs = await cpuMilliseconds(() => library(file))
  // Seen: 3 to 5 times less; with 256,000 tokens 7 to 10.
  expect(ours).toBeLessThan(theirs)
})

async function cpuMilliseconds(run: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
