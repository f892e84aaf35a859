/**
 * A checkpoint's files and its index, in memory. `locate.test.ts` has what else may be given.
 *
 * Mutations seen red: a failed opening remembered; names in the index not checked.
 */
import { describe, expect, test } from 'vitest'
import { fileFolder } from '../node.ts'
import { bytesSource, type Folder, folderOf } from './byte-source.ts'
import { openCheckpoint } from './checkpoint.ts'
import { FileReadError } from './errors.ts'
import { goldenFolder } from './test-files.ts'
import { writeSafetensors } from './write-safetensors.ts'

const INDEX = 'model.safetensors.index.json'
const one = writeSafetensors({ a: { dtype: 'U8', shape: [2], data: Uint8Array.of(1, 2) } })

function folder(files: Readonly<Record<string, string | Uint8Array>>): Folder {
  const bytes = (data: string | Uint8Array) =>
    typeof data === 'string' ? new TextEncoder().encode(data) : data
  return folderOf(
    'model',
    Object.entries(files).map(([name, data]) => bytesSource(name, bytes(data))),
  )
}

const indexed = (map: unknown) =>
  folder({ [INDEX]: JSON.stringify({ weight_map: map }), 's.safetensors': one })

describe('in one file', () => {
  test('all of it', async () => {
    const checkpoint = await openCheckpoint(folder({ 'model.safetensors': one, [INDEX]: 'not looked at' }))
    expect(checkpoint.names).toEqual(['a'])
    expect(checkpoint.files).toEqual(['model.safetensors'])
    expect(await checkpoint.read('a')).toEqual(Uint8Array.of(1, 2))
    expect((await checkpoint.fileOf('a')).metadata.size).toBe(0)
    await expect(checkpoint.fileOf('b')).rejects.toThrow('tensor "b": is not among the 1 tensors')
  })

  test('a malformed file is not passed over for the index', async () => {
    const both = folder({ 'model.safetensors': 'bad', [INDEX]: '{"weight_map":{}}' })
    await expect(openCheckpoint(both)).rejects.toThrow('3 bytes are too few')
  })
})

describe('in several files', () => {
  test('by Python', async () => {
    const checkpoint = await openCheckpoint(fileFolder(`${goldenFolder}sharded`))
    expect([...checkpoint.names].sort()).toEqual(['layer.weight', 'layer.weight_scale_inv', 'norm.weight'])
    expect(checkpoint.files).toEqual(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'])
    expect(checkpoint.has('norm.weight')).toBe(true)
    expect(await checkpoint.info('layer.weight')).toMatchObject({ dtype: 'F8_E4M3', shape: [20, 35] })
    expect((await checkpoint.readFloat32('layer.weight_scale_inv')).length).toBe(6)
    expect((await checkpoint.readElements('norm.weight')).length).toBe(35)
    expect((await checkpoint.fileOf('norm.weight')).metadata.get('format')).toBe('pt')
  })

  test('a file is opened when first needed, and once', async () => {
    const opened: string[] = []
    const inner = indexed({ a: 's.safetensors', b: 'missing.safetensors' })
    const counting: Folder = {
      name: inner.name,
      open(name) {
        opened.push(name)
        return inner.open(name)
      },
    }
    const checkpoint = await openCheckpoint(counting)
    expect(opened).toEqual(['model.safetensors', INDEX])
    await Promise.all([checkpoint.read('a'), checkpoint.info('a')])
    expect(opened.slice(2)).toEqual(['s.safetensors'])
    // Not remembered when it fails.
    for (let i = 0; i < 2; i++) {
      await expect(checkpoint.read('b')).rejects.toMatchObject({
        name: 'FileNotFoundError',
        path: 'model/missing.safetensors',
      })
    }
    expect(opened).toHaveLength(5)
  })

  test('a tensor that is in the index but not in its file, or not in the index', async () => {
    const checkpoint = await openCheckpoint(indexed({ b: 's.safetensors' }))
    await expect(checkpoint.read('b')).rejects.toThrow(
      's.safetensors: tensor "b": is not among the 1 tensors',
    )
    await expect(checkpoint.read('a')).rejects.toThrow('tensor "a": is not among the 1 tensors of the index')
    expect(checkpoint.has('a')).toBe(false)
  })

  test('names like properties of every object', async () => {
    const files = { [INDEX]: '{"weight_map":{"__proto__":"s.safetensors"}}', 's.safetensors': one }
    const checkpoint = await openCheckpoint(folder(files))
    expect(checkpoint.names).toEqual(['__proto__'])
    expect(checkpoint.has('toString')).toBe(false)
  })

  test.each([
    '../s.safetensors',
    '/etc/s.safetensors',
    'C:\\s.safetensors',
    'a\\s.safetensors',
    'below/s.safetensors',
    '..',
    '.safetensors',
    '%2e%2e%2fs.safetensors',
    's.safetensors\0',
    's\n.safetensors',
    's.bin',
    '',
    `${'x'.repeat(300)}.safetensors`,
    7,
    null,
    ['s.safetensors'],
    { toString: 0, constructor: 0 },
  ])('an index that names %j', async (name) => {
    await expect(openCheckpoint(indexed({ a: name }))).rejects.toThrow(
      /index\.json: tensor "a": weight_map must name a \.safetensors file of this folder/,
    )
  })

  test.each([
    ['{', 'not valid JSON'],
    ['[]', 'must hold a JSON object'],
    ['null', 'must hold a JSON object'],
    ['{}', 'no object weight_map'],
    ['{"weight_map":[]}', 'no object weight_map'],
    ['{"weight_map":null}', 'no object weight_map'],
    ['{"weight_map":{"a":"s.safetensors","a":"t.safetensors"}}', 'key "a" twice'],
    ['['.repeat(100_000), 'nested deeper'],
    [Uint8Array.of(0xff), 'not valid JSON'],
  ])('a malformed index %#', async (text, message) => {
    await expect(openCheckpoint(folder({ [INDEX]: text }))).rejects.toMatchObject({
      name: 'FormatError',
      file: `model/${INDEX}`,
      message: expect.stringContaining(message),
    })
  })
})

test('a folder without a checkpoint', async () => {
  await expect(openCheckpoint(folder({}))).rejects.toMatchObject({
    name: 'FileNotFoundError',
    path: `model/model.safetensors (or ${INDEX})`,
  })
})

test('another fault than a missing file is passed on', async () => {
  const problem = { path: 'x', problem: 'no permission' }
  const broken: Folder = { name: 'x', open: () => Promise.reject(new FileReadError(problem)) }
  await expect(openCheckpoint(broken)).rejects.toThrow('no permission')
})
