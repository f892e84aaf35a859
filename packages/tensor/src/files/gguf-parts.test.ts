/**
 * GGUF models in several files, made by gguf-py's own writer of parts (tooling/fixtures/model/split_gguf.py).
 *
 * Mutations seen red: metadata of the part itself; counts not compared; numbers of parts not compared.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { bytesSource, folderOf } from './byte-source.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { FileNotFoundError } from './errors.ts'
import { partNames } from './gguf-parts.ts'

const golden = fileURLToPath(new URL('../../../model/src/golden/gguf/', import.meta.url))
const parts = partNames('qwen2-tied-00001-of-00003.gguf')!
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(`${golden}${file}`))

/** The files of `split/`, changed. */
function open(change: (files: Map<string, Uint8Array>) => void = () => {}): Promise<Checkpoint> {
  const files = new Map(parts.map((name) => [name, bytesOf(`split/${name}`)]))
  change(files)
  return openCheckpoint(
    folderOf(
      'model',
      [...files].reverse().map(([name, bytes]) => bytesSource(name, bytes)),
    ),
  )
}

/** The part with its value of a `split.` key exchanged; integers are little-endian behind key and type. */
function withNumber(file: Uint8Array, key: string, value: number): Uint8Array {
  const bytes = file.slice()
  const at = Buffer.from(bytes.buffer).indexOf(key) + key.length + 4
  bytes[at] = value
  return bytes
}

describe('a model in parts', () => {
  test.each([
    ['the first part', 'split/qwen2-tied-00001-of-00003.gguf'],
    ['another part', 'split/qwen2-tied-00003-of-00003.gguf'],
    ['the folder', 'split'],
    ['a folder whose first part has no tensors', 'split-empty-first'],
  ])('is the whole file, given as %s', async (_, location) => {
    const whole = await openCheckpoint(`${golden}qwen2-tied.gguf`)
    const split = await openCheckpoint(`${golden}${location}`)
    expect(split.names).toEqual(whole.names)
    expect(split.format).toBe('gguf')
    for (const name of whole.names) {
      const { offset: _, ...facts } = await whole.info(name)
      expect(await split.info(name)).toMatchObject(facts)
      expect(await split.read(name)).toEqual(await whole.read(name))
    }
    const [file, other] = [await split.fileOf(split.names[0]!), await whole.fileOf(whole.names[0]!)]
    if (file.format !== 'gguf' || other.format !== 'gguf') return expect.fail('no GGUF')
    for (const [key, value] of other.metadata) expect(file.metadata.get(key), key).toEqual(value)
    expect([...file.tensors.keys()]).toEqual(whole.names)
    expect(await split.check()).toEqual({
      files: split.files.length,
      tensors: whole.names.length,
      unlisted: [],
    })
  })

  test('is read from picked files in any order', async () => {
    expect((await open()).files).toEqual(parts)
  })

  test('says which part is missing', async () => {
    await expect(open((files) => files.delete(parts[1]!))).rejects.toThrow(FileNotFoundError)
    await expect(open((files) => files.delete(parts[1]!))).rejects.toThrow(parts[1])
  })

  test.each<[string, (files: Map<string, Uint8Array>) => void, RegExp]>([
    [
      'twice the same part',
      (files) => files.set(parts[1]!, files.get(parts[2]!)!),
      /00002-of.*says 2 for split\.no.*make it 1/,
    ],
    [
      'a part of another model',
      (files) => files.set(parts[2]!, withNumber(files.get(parts[2]!)!, 'split.count', 4)),
      /00003-of.*says 4 for split\.count/,
    ],
    [
      'fewer tensors than the first part says',
      (files) => files.set(parts[0]!, withNumber(files.get(parts[0]!)!, 'split.tensors.count', 27)),
      /00001-of.*says 27 for split\.tensors\.count.*make it 26/,
    ],
    [
      'a tensor in two parts',
      (files) => {
        files.set(parts[0]!, withNumber(files.get(parts[0]!)!, 'split.tensors.count', 30))
        files.set(parts[2]!, withNumber(files.get(parts[1]!)!, 'split.no', 2))
      },
      /00003-of.*is in .*00002-of.* too/,
    ],
    [
      'a whole file among them',
      (files) => files.set(parts[1]!, bytesOf('qwen2-tied.gguf')),
      /00002-of.*says nothing for split\.count/,
    ],
  ])('is refused with %s', async (_, change, message) => {
    const opened = open(change)
    await expect(opened).rejects.toThrow(FormatError)
    await expect(opened).rejects.toThrow(message)
  })

  test('cannot be read from one file alone, or under other names', async () => {
    const alone = openCheckpoint(bytesOf(`split/${parts[0]}`))
    await expect(alone).rejects.toThrow(/is one of 3 parts: give the folder or all of the files/)
    const renamed = openCheckpoint(folderOf('model', [bytesSource('a.gguf', bytesOf(`split/${parts[0]}`))]))
    await expect(renamed).rejects.toThrow(/is one of 3 parts/)
  })
})

test('names of parts', () => {
  expect(parts).toEqual([1, 2, 3].map((i) => `qwen2-tied-0000${i}-of-00003.gguf`))
  for (const name of [
    'a.gguf',
    'a-1-of-2.gguf',
    'a-00001-of-00000.gguf',
    'a-00001-of-99999.gguf',
    'a-00001-of-00002.bin',
  ]) {
    expect(partNames(name), name).toBeUndefined()
  }
})
