/**
 * Random damage to real files: a `FormatError`, or a file whose every tensor lies inside and can be read.
 *
 * Mutations seen red: tensors beyond the end accepted, misaligned tensors accepted, another error class for booleans of 255 and for
 * counts above 2^61.
 */
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { bytesSource } from '../files/byte-source.ts'
import { createRandom, type Random } from '../testing/random.ts'
import { ggmlType } from './ggml-types.ts'
import { type GgufFile, openGguf } from './open-gguf.ts'
import { golden, join } from './test-files.ts'

const originals = await Promise.all(
  ['metadata.gguf', 'tensors.gguf'].map(async (name) => {
    const bytes = golden(name)
    const { tensors } = await openGguf(bytes)
    const dataStart = Math.min(...[...tensors.values()].map(({ offset }) => offset))
    return { bytes, dataStart }
  }),
)

/** What may stand in 64 bits by an attacker's hand. */
const WORDS = [
  0n,
  1n,
  2n,
  31n,
  33n,
  255n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 60n,
  2n ** 63n,
  2n ** 64n - 1n,
]

/** Each takes a copy of a file and damages it. */
const mutations: readonly ((file: Uint8Array, header: number, random: Random) => Uint8Array)[] = [
  // One to four bytes of the header become others.
  (file, header, random) => {
    for (let n = 0; n <= random.below(4); n++) file[random.below(header)] = random.below(256)
    return file
  },
  // One bit of the header.
  (file, header, random) => {
    file[random.below(header)]! ^= 1 << random.below(8)
    return file
  },
  // A word of the header, which may be a length, a count, a size, an offset or half of two of them.
  (file, header, random) => {
    const word = WORDS[random.below(WORDS.length)]!
    new DataView(file.buffer, file.byteOffset).setBigUint64(random.below(header - 8), word, true)
    return file
  },
  // A length, count, size or offset, which is a word with small value: add a little, take away a little, double.
  (file, header, random) => {
    const view = new DataView(file.buffer, file.byteOffset)
    const start = random.below(header - 8)
    for (let i = 0; i < header - 8; i++) {
      const at = (start + i) % (header - 8)
      const word = view.getBigUint64(at, true)
      if (word === 0n || word > 100_000n) continue
      view.setBigUint64(at, [word + 1n, word - 1n, word * 2n, word + 32n][random.below(4)]!, true)
      break
    }
    return file
  },
  // The file is cut, mostly in its header.
  (file, header, random) => file.slice(0, random.below(random.below(4) === 0 ? file.length : header)),
  // Bytes are put in, taken out, repeated.
  (file, header, random) => {
    const at = random.below(header)
    return join(file.subarray(0, at), new Uint8Array(1 + random.below(40)), file.subarray(at))
  },
  (file, header, random) => {
    const at = random.below(header)
    return join(file.subarray(0, at), file.subarray(at + 1 + random.below(40)))
  },
  (file, header, random) => {
    const [a, b] = [random.below(header), random.below(header)]
    return join(file.subarray(0, Math.max(a, b)), file.subarray(Math.min(a, b)))
  },
  // The data: it is never wrong.
  (file, header, random) => {
    for (let n = 0; n < 20; n++) file[header + random.below(file.length - header)] = random.below(256)
    return file
  },
]

/** Reads every tensor in all ways; throws an `Error` where one is not what its info says. */
async function readAll(file: GgufFile, fileBytes: number): Promise<void> {
  for (const { name, dtype, shape, offset, bytes } of file.tensors.values()) {
    const inside = offset % file.alignment === 0 && bytes >= 0 && offset + bytes <= fileBytes
    if (!inside) throw new Error(`${name} lies at ${offset}, ${bytes} bytes`)
    const type = ggmlType(dtype)
    if (type === undefined) continue
    if ((await file.readElements(name)).byteLength !== bytes) throw new Error(`${name}: elements`)
    if (type.decode === undefined) continue
    const elements = shape.reduce((product, each) => product * each, 1)
    if ((await file.readFloat32(name)).length !== elements) throw new Error(`${name}: floats`)
  }
}

test('12,000 damaged files', async () => {
  const random = createRandom(2026)
  let refused = 0
  const rounds = 12_000
  for (let i = 0; i < rounds; i++) {
    const { bytes, dataStart } = originals[i % originals.length]!
    const mutate = mutations[Math.floor(i / originals.length) % mutations.length]!
    const damaged = mutate(bytes.slice(), dataStart, random)
    try {
      const file = await openGguf(bytesSource('fuzz', damaged))
      await readAll(file, damaged.length)
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`mutation ${i}`, { cause: error })
      if (/undefined|NaN|\[object/.test(error.message)) throw error
      refused++
    }
  }
  // Most damage is refused; some only changes a name, a value or the data.
  expect(refused).toBeGreaterThan(0.6 * rounds)
  expect(refused).toBeLessThan(0.9 * rounds)
})
