/**
 * Symbolic links in a folder that somebody else filled.
 *
 * Mutations seen red: no check; the path compared without its separator; any folder named `blobs` allowed; the hash not
 * looked at; the snapshot's repository not compared.
 */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileFolder } from '../node.ts'
import { openCheckpoint } from './checkpoint.ts'
import { writeSafetensors } from './write-safetensors.ts'

const root = await mkdtemp(join(tmpdir(), 'octoscale-links-'))
afterAll(() => rm(root, { recursive: true }))

const SHA1 = 'a'.repeat(40)
const SHA256 = 'b'.repeat(64)
const bytes = writeSafetensors({ a: { dtype: 'U8', shape: [1], data: Uint8Array.of(7) } })

async function put(path: string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, bytes)
  return full
}

/** A link at `path` that leads to `target`, both below the root. */
async function link(path: string, target: string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await symlink(relative(dirname(full), join(root, target)), full)
  return dirname(full)
}

beforeAll(async () => {
  await put('secret/id.safetensors')
  await put('model-two/x.safetensors')
  await put('model/real.safetensors')
  await put(`cache/models--o--m/blobs/${SHA1}`)
  await put(`cache/models--o--m/blobs/${SHA256}`)
  await put('cache/models--o--m/blobs/notes')
  await put(`cache/models--o--other/blobs/${SHA1}`)
  await put(`cache/blobs/bb/${SHA256}`)
})

describe('refused', () => {
  test.each([
    ['relative', 'model/a.safetensors', 'secret/id.safetensors'],
    ['to a folder whose name begins alike', 'model/b.safetensors', 'model-two/x.safetensors'],
    ['over another link', 'model/c.safetensors', 'model/a.safetensors'],
    ['out of a snapshot', 'cache/models--o--m/snapshots/1/a.safetensors', 'secret/id.safetensors'],
    ['to what is no blob', 'cache/models--o--m/snapshots/1/b.safetensors', 'cache/models--o--m/blobs/notes'],
    [
      'to another repository',
      'cache/models--o--m/snapshots/1/c.safetensors',
      `cache/models--o--other/blobs/${SHA1}`,
    ],
    ['no revision', 'cache/models--o--m/snapshots/e.safetensors', `cache/models--o--m/blobs/${SHA1}`],
    ['no snapshot', 'cache/models--o--m/other/d.safetensors', `cache/models--o--m/blobs/${SHA1}`],
    ['a folder named snapshots elsewhere', 'x/snapshots/1/a.safetensors', `x/blobs/${SHA1}`],
  ])('%s', async (_, path, target) => {
    if (path.startsWith('x/')) await put(target)
    const folder = await link(path, target)
    const name = path.split('/').at(-1)!
    await expect(fileFolder(folder).open(name)).rejects.toMatchObject({
      name: 'FileReadError',
      problem: expect.stringContaining('a link that leaves its folder'),
    })
    const followed = await fileFolder(folder, { followLinks: true }).open(name)
    expect(await followed.read(0, 8)).toEqual(bytes.slice(0, 8))
  })

  test('of a checkpoint; the path of the link itself may be opened', async () => {
    const folder = await link('hostile/model.safetensors', 'secret/id.safetensors')
    await expect(openCheckpoint(folder)).rejects.toThrow('a link that leaves its folder')
    expect((await openCheckpoint(join(folder, 'model.safetensors'))).names).toEqual(['a'])
  })

  test('a config that is a link to somewhere', async () => {
    const folder = await link('config/config.json', 'secret/id.safetensors')
    await writeFile(join(folder, 'model.safetensors'), bytes)
    await expect((await openCheckpoint(folder)).readConfig()).rejects.toThrow('leaves its folder')
  })

  test('a link to nowhere is a missing file', async () => {
    const folder = await link('model/nowhere.safetensors', 'nothing')
    await expect(fileFolder(folder).open('nowhere.safetensors')).rejects.toMatchObject({
      name: 'FileNotFoundError',
    })
  })
})

describe('allowed', () => {
  test.each([
    ['within the folder', 'model/d.safetensors', 'model/real.safetensors'],
    [
      'to a blob of the same repository',
      'cache/models--o--m/snapshots/2/a',
      `cache/models--o--m/blobs/${SHA1}`,
    ],
    ['from below a snapshot', 'cache/models--o--m/snapshots/2/q4/a', `cache/models--o--m/blobs/${SHA256}`],
    ['to a blob that all repositories share', 'cache/models--o--m/snapshots/2/b', `cache/blobs/bb/${SHA256}`],
  ])('%s', async (_, path, target) => {
    const folder = await link(path, target)
    const source = await fileFolder(folder).open(path.split('/').at(-1)!)
    expect(await source.read(0, await source.size())).toEqual(bytes)
    // Messages name what was asked for, not where it lies.
    expect(source.name).toBe(join(root, path))
  })

  test('a folder that is a link itself', async () => {
    await symlink(join(root, 'model'), join(root, 'alias'))
    const source = await fileFolder(join(root, 'alias')).open('real.safetensors')
    expect(await source.size()).toBe(bytes.byteLength)
  })

  test('the cache as huggingface_hub makes it, by openCheckpoint', async () => {
    const folder = await link(
      'cache/models--o--m/snapshots/3/model.safetensors',
      `cache/models--o--m/blobs/${SHA256}`,
    )
    expect((await openCheckpoint(folder)).names).toEqual(['a'])
  })
})
