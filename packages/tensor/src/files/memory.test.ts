/**
 * How much memory large files take: measured from outside, on processes that do nothing else.
 *
 * Mutations seen red: `openSafetensors` reading the whole file; `streamTensors` reading tensors whole; chunks kept.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const MiB = 2 ** 20
const root = await mkdtemp(join(tmpdir(), 'octoscale-memory-'))
afterAll(() => rm(root, { recursive: true }))

/** A file whose data takes no room on the disk: tensors of zeros, `count` of `bytes` each. */
async function sparse(name: string, count: number, bytes: number): Promise<string> {
  const entries = Array.from({ length: count }, (_, i) => [
    `layer.${i}.weight`,
    { dtype: 'BF16', shape: [bytes / 2], data_offsets: [i * bytes, (i + 1) * bytes] },
  ])
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(header.byteLength), true)
  const path = join(root, name)
  const file = await open(path, 'w')
  await file.write(length)
  await file.write(header)
  await file.truncate(8 + header.byteLength + count * bytes)
  await file.close()
  return path
}

async function run(
  ...args: string[]
): Promise<Record<'grew' | 'opened' | 'bytes' | 'files' | 'tensors', number>> {
  const program = fileURLToPath(new URL('../bench/memory.ts', import.meta.url))
  const flags = ['--expose-gc', '--conditions=@octoscale/source', program]
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...args])
  return JSON.parse(stdout)
}

describe('4 GiB in 1,000 tensors', () => {
  test('opening it and reading one takes the header and that tensor', async () => {
    const bytes = 4 * MiB + 64 * 1024
    const path = await sparse('four.safetensors', 1000, bytes)
    const { tensors, bytes: got, opened, grew } = await run('read', path, 'layer.999.weight')
    expect({ tensors, got }).toEqual({ tensors: 1000, got: bytes })
    // The header has 80 KB, its objects less than 2 MB; the rest is the engine's: compiled code, room to collect.
    expect(opened).toBeLessThan(32 * MiB)
    expect(grew).toBeLessThan(bytes + 32 * MiB)
  })
})

describe('a checkpoint that is larger than the memory it is given', () => {
  test('is rewritten in parts', async () => {
    const path = await sparse('large.safetensors', 3, 128 * MiB)
    const { files, bytes, grew } = await run('rewrite', path, join(root, 'out'), `${150 * MiB}`)
    expect(files).toBe(3)
    expect(bytes).toBeGreaterThan(384 * MiB)
    // Far below one tensor. The parts have 4 MiB; Node's own copies and uncollected ones come to some more.
    expect(grew).toBeLessThan(64 * MiB)
  })
})
