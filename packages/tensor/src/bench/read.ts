/**
 * How fast a safetensors file is read, tensor by tensor, beside plain reads of the same file:
 *
 *     pnpm --filter @octoscale/tensor bench [--json] [--mib 1024] [--rounds 7] [--folder FOLDER]
 *
 * Each row is a pair that takes memory in the same way: a new array for each tensor (most of the time goes into the
 * system's zeroing of new pages, for both), or the same one again. The two of a pair alternate, so that what else the
 * machine does falls on both; the ratio is the median of the rounds' ratios. The file is in the system's cache: a disk
 * would hide the difference.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashingSource, openSafetensors, type SafetensorsFile, writeSafetensorsTo } from '../index.ts'
import { fileSource } from '../node.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    mib: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '7' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const total = Number(values.mib) * 2 ** 20
const rounds = Number(values.rounds)

type Run = () => Promise<void>
interface Pair {
  readonly name: string
  readonly plain: Run
  readonly ours: Run
}

interface Row {
  readonly name: string
  readonly tensorBytes: number
  readonly plainGBps: number
  readonly oursGBps: number
  readonly ratio: number
}

/** A file of U8 tensors of equal size, written by the package itself. */
async function writeFile(path: string, tensorBytes: number): Promise<SafetensorsFile> {
  const data = Uint8Array.from({ length: tensorBytes }, (_, i) => (i * 31) ^ (i >> 7))
  const tensors = Array.from({ length: total / tensorBytes }, (_, i) => ({
    name: `layer.${`${i}`.padStart(6, '0')}`,
    dtype: 'U8' as const,
    shape: [tensorBytes],
    read: () => data,
  }))
  await writeSafetensorsTo(path, tensors)
  return openSafetensors(path)
}

function pairs(path: string, file: SafetensorsFile, tensorBytes: number): Pair[] {
  const room = new Uint8Array(tensorBytes)
  const tensors = [...file.tensors.values()]
  /** Plain reads of the ranges of all tensors. */
  const plain = async (into: () => Uint8Array, then?: (bytes: Uint8Array) => void) => {
    const handle = await open(path)
    for (const { offset } of tensors) {
      const bytes = into()
      await handle.read(bytes, 0, tensorBytes, offset)
      then?.(bytes)
    }
    await handle.close()
  }
  const fresh = () => plain(() => new Uint8Array(tensorBytes))
  return [
    {
      name: 'read: a new array each',
      plain: fresh,
      async ours() {
        for (const { name } of tensors) await file.read(name)
      },
    },
    {
      name: 'readInto: one array',
      plain: () => plain(() => room),
      async ours() {
        for (const { name } of tensors) await file.readInto(name, 0, room)
      },
    },
    {
      name: 'readInto, hashed',
      async plain() {
        const hash = createHash('sha256')
        await plain(
          () => room,
          (bytes) => hash.update(bytes),
        )
        hash.digest()
      },
      async ours() {
        const source = hashingSource(fileSource(path))
        const hashed = await openSafetensors(source)
        for (const { name } of tensors) await hashed.readInto(name, 0, room)
        await source.sha256()
      },
    },
  ]
}

async function seconds(run: Run): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
}

async function measure({ name, plain, ours }: Pair, tensorBytes: number): Promise<Row> {
  // Once for both, unmeasured: compiled, and the file in the cache.
  await plain()
  await ours()
  const times: { plain: number; ours: number }[] = []
  for (let round = 0; round < rounds; round++) {
    // Who is first changes, too.
    const first = round % 2 === 0 ? await seconds(plain) : undefined
    const own = await seconds(ours)
    times.push({ plain: first ?? (await seconds(plain)), ours: own })
  }
  const speed = (which: 'plain' | 'ours') => total / 1e9 / median(times.map((each) => each[which]))
  const ratio = median(times.map((each) => each.plain / each.ours))
  return { name, tensorBytes, plainGBps: speed('plain'), oursGBps: speed('ours'), ratio }
}

const folder = await mkdtemp(join(values.folder, 'octoscale-bench-'))
const rows: Row[] = []
// A file of a gigabyte should not stay behind after Ctrl-C.
const leave = () => void rm(folder, { recursive: true, force: true }).then(() => process.exit(130))
process.once('SIGINT', leave).once('SIGTERM', leave)
try {
  for (const tensorBytes of [2 ** 24, 2 ** 16]) {
    const path = join(folder, `${tensorBytes}.safetensors`)
    const file = await writeFile(path, tensorBytes)
    for (const pair of pairs(path, file, tensorBytes)) rows.push(await measure(pair, tensorBytes))
    await rm(path)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

if (values.json) console.log(JSON.stringify({ mib: total / 2 ** 20, rounds, rows }, null, 2))
else {
  console.log(`${total / 2 ** 20} MiB, ${rounds} rounds, medians`)
  console.log('| reading | tensor | plain reads | this package | ratio |\n|---|---|---|---|---|')
  for (const { name, tensorBytes, plainGBps, oursGBps, ratio } of rows) {
    const speeds = [plainGBps, oursGBps].map((speed) => `${speed.toFixed(2)} GB/s`)
    console.log(`| ${name} | ${tensorBytes / 1024} KiB | ${speeds.join(' | ')} | ${ratio.toFixed(2)} |`)
  }
}
