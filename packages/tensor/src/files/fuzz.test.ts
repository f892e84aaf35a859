/** Random damage to real files: a `FormatError`, or a file whose every tensor lies inside and can be read. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { createRandom, type Random } from '../testing/random.ts'
import { bytesSource } from './byte-source.ts'
import { openSafetensors } from './safetensors.ts'
import { isSafetensorsDType } from './safetensors-dtypes.ts'
import { goldenFolder } from './test-files.ts'

const original = new Uint8Array(readFileSync(`${goldenFolder}all-dtypes.safetensors`))
const headerBytes = Number(new DataView(original.buffer, original.byteOffset).getBigUint64(0, true))
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '0',
  '-1',
  '9007199254740991',
  '1e308',
  'null',
  '\\ud800',
]

/** Each takes a copy of the file and damages it. */
const mutations: readonly ((file: Uint8Array, random: Random) => Uint8Array)[] = [
  // One to four bytes of the header or its length become others.
  (file, random) => {
    for (let n = 0; n <= random.below(4); n++) file[random.below(8 + headerBytes)] = random.below(256)
    return file
  },
  // One bit of the length.
  (file, random) => {
    file[random.below(8)]! ^= 1 << random.below(8)
    return file
  },
  // The file is cut.
  (file, random) => file.slice(0, random.below(file.length)),
  // Bytes are appended.
  (file, random) => concat(file, new Uint8Array(1 + random.below(9))),
  // A token in place of the bytes somewhere in the header; the length is kept right.
  (file, random) => {
    const token = new TextEncoder().encode(TOKENS[random.below(TOKENS.length)])
    const at = 8 + random.below(headerBytes)
    return withHeader(concat(file.slice(8, at), token, file.slice(at + token.length, 8 + headerBytes)))
  },
  // A number in the header becomes another.
  (file, random) => {
    const text = new TextDecoder().decode(file.slice(8, 8 + headerBytes))
    const numbers = [...text.matchAll(/\d+/g)]
    const { index, 0: digits } = numbers[random.below(numbers.length)]!
    const other = [0, 1, Number(digits) + 1, 2 ** 31, 2 ** 53, random.below(2000)][random.below(6)]
    return withHeader(
      new TextEncoder().encode(text.slice(0, index) + other + text.slice(index + digits.length)),
    )
  },
  // A part of the header is repeated.
  (file, random) => {
    const [a, b] = [8 + random.below(headerBytes), 8 + random.below(headerBytes)]
    const [from, to] = a < b ? [a, b] : [b, a]
    return withHeader(concat(file.slice(8, to), file.slice(from, 8 + headerBytes)))
  },
]

function withHeader(header: Uint8Array): Uint8Array {
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true)
  return concat(length, header, original.slice(8 + headerBytes))
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}

test('4000 damaged files', async () => {
  const random = createRandom(2026)
  let refused = 0
  for (let i = 0; i < 4000; i++) {
    const damaged = mutations[i % mutations.length]!(original.slice(), random)
    const source = bytesSource('fuzz', damaged)
    try {
      const file = await openSafetensors(source)
      let bytes = 0
      for (const name of file.names) {
        bytes += (await file.read(name)).byteLength
        if (isSafetensorsDType((await file.info(name)).dtype)) await file.readElements(name)
      }
      const length = Number(new DataView(damaged.buffer, damaged.byteOffset).getBigUint64(0, true))
      expect(8 + length + bytes, `mutation ${i}`).toBe(damaged.length)
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`mutation ${i}`, { cause: error })
      refused++
    }
  }
  // Most damage is refused; some only renames a tensor or changes metadata.
  expect(refused).toBeGreaterThan(3000)
  expect(refused).toBeLessThan(4000)
})
