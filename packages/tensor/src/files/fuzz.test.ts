/**
 * Random damage to real files: a `FormatError`, or a file whose every tensor lies inside and can be read.
 *
 * Mutations seen red: the header's length not compared with the file's size; `checkCoverage` without overlaps; entries
 * not checked to be objects; offsets not checked to be numbers; `weight_map` not checked to be an object; names in the
 * index not checked.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { createRandom, type Random } from '../testing/random.ts'
import { bytesSource, type Folder, folderOf } from './byte-source.ts'
import { openCheckpoint } from './checkpoint.ts'
import { FileNotFoundError } from './errors.ts'
import { openSafetensors } from './safetensors.ts'
import { isSafetensorsDType } from './safetensors-dtypes.ts'
import { floatDTypes } from './stored-floats.ts'
import { goldenFolder } from './test-files.ts'

const original = new Uint8Array(readFileSync(`${goldenFolder}all-dtypes.safetensors`))
const headerBytes = Number(new DataView(original.buffer, original.byteOffset).getBigUint64(0, true))
const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'].map((name) =>
  bytesSource(name, new Uint8Array(readFileSync(`${goldenFolder}sharded/${name}`))),
)
const INDEX = 'model.safetensors.index.json'
const index = new Uint8Array(readFileSync(`${goldenFolder}sharded/${INDEX}`))
/** Seeds are fixed: a red run is red again. */
const FILES = 16_000
const INDEXES = 6_000
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
  // An entry becomes something else, or that of another tensor.
  (file, random) => {
    const header = headerOf(file)
    const names = Object.keys(header)
    const name = names[random.below(names.length)]!
    header[name] = [...ODD, header[names[random.below(names.length)]!]][random.below(ODD.length + 1)]
    return withHeader(new TextEncoder().encode(JSON.stringify(header)))
  },
  // A field of an entry does.
  (file, random) => {
    const header = headerOf(file)
    const entries = Object.values(header) as Record<string, unknown>[]
    const fields = ['dtype', 'shape', 'data_offsets']
    const odd = [...ODD, [0, 0], [-1, 1], [1, 0], [2 ** 53, 1], 'F8_E4M3', 'Q9', [[1]], ['1']]
    entries[random.below(entries.length)]![fields[random.below(3)]!] = odd[random.below(odd.length)]
    return withHeader(new TextEncoder().encode(JSON.stringify(header)))
  },
  // A part of the header is repeated.
  (file, random) => {
    const [a, b] = [8 + random.below(headerBytes), 8 + random.below(headerBytes)]
    const [from, to] = a < b ? [a, b] : [b, a]
    return withHeader(concat(file.slice(8, to), file.slice(from, 8 + headerBytes)))
  },
]

/** In place of an object. */
const ODD: readonly unknown[] = [null, [], 7, 'text', {}, true]

function headerOf(file: Uint8Array): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(file.slice(8, 8 + headerBytes)))
}

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

test(`${FILES} damaged files`, async () => {
  const random = createRandom(2026)
  let refused = 0
  for (let i = 0; i < FILES; i++) {
    const damaged = mutations[i % mutations.length]!(original.slice(), random)
    const source = bytesSource('fuzz', damaged)
    try {
      // Every second one is opened as a file of unknown kind.
      const file = await (i % 2 === 0 ? openSafetensors(source) : openCheckpoint(source))
      let bytes = 0
      for (const name of file.names) {
        bytes += (await file.read(name)).byteLength
        const { dtype } = await file.info(name)
        if (isSafetensorsDType(dtype)) await file.readElements(name)
        if ((floatDTypes as readonly string[]).includes(dtype)) await file.readFloat32(name)
      }
      const length = Number(new DataView(damaged.buffer, damaged.byteOffset).getBigUint64(0, true))
      expect(8 + length + bytes, `mutation ${i}`).toBe(damaged.length)
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`mutation ${i}`, { cause: error })
      refused++
    }
  }
  // Most damage is refused; some only renames a tensor or changes metadata.
  expect(refused).toBeGreaterThan(0.75 * FILES)
  expect(refused).toBeLessThan(FILES)
})

/** Each takes a copy of the index and damages it. */
const indexMutations: readonly ((file: Uint8Array, random: Random) => Uint8Array)[] = [
  (file, random) => {
    for (let n = 0; n <= random.below(4); n++) file[random.below(file.length)] = random.below(256)
    return file
  },
  (file, random) => file.slice(0, random.below(file.length)),
  (file, random) => {
    const token = new TextEncoder().encode(
      [...TOKENS, '../', '/etc/', '%2e', '.bin'][random.below(TOKENS.length + 4)],
    )
    const at = random.below(file.length)
    return concat(file.slice(0, at), token, file.slice(at + random.below(2) * token.length))
  },
  (file, random) => {
    const [a, b] = [random.below(file.length), random.below(file.length)]
    return concat(file.slice(0, Math.max(a, b)), file.slice(Math.min(a, b)))
  },
]

test(`${INDEXES} damaged indexes`, async () => {
  const random = createRandom(2027)
  const asked = new Set<string>()
  let refused = 0
  for (let i = 0; i < INDEXES; i++) {
    const damaged = indexMutations[i % indexMutations.length]!(index.slice(), random)
    const inner = folderOf('model', [bytesSource(INDEX, damaged), ...shards])
    const folder: Folder = {
      name: 'model',
      open(name) {
        asked.add(name)
        return inner.open(name)
      },
    }
    try {
      const checkpoint = await openCheckpoint(folder)
      await checkpoint.check()
      for (const name of checkpoint.names) await checkpoint.read(name)
    } catch (error) {
      const typed = error instanceof FormatError || error instanceof FileNotFoundError
      if (!typed) throw new Error(`mutation ${i}`, { cause: error })
      refused++
    }
  }
  for (const name of asked) expect(name).not.toMatch(/[/\\%\0]|^\./)
  expect(refused).toBeGreaterThan(0.5 * INDEXES)
  expect(refused).toBeLessThan(INDEXES)
})
