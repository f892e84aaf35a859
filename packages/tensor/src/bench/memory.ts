/**
 * What `files/memory.test.ts` measures: does one thing with a checkpoint and prints by how many bytes the process grew.
 *
 *     node --expose-gc memory.ts read FILE TENSOR
 *     node --expose-gc memory.ts rewrite FROM TO MAX_SHARD_BYTES
 */
import { openCheckpoint } from '../files/checkpoint.ts'
import { openSafetensors } from '../files/safetensors.ts'
import { streamTensors } from '../files/stream-tensors.ts'
import { writeCheckpoint } from '../files/write-checkpoint.ts'

const [what, from, to, shard] = process.argv.slice(2)
/** Largest resident size so far, in bytes: the system counts in KiB. */
const peak = () => process.resourceUsage().maxRSS * 1024

globalThis.gc?.()
const before = peak()
if (what === 'read') {
  const file = await openSafetensors(from!)
  const opened = peak()
  const bytes = await file.read(to!)
  console.log(
    JSON.stringify({
      tensors: file.names.length,
      bytes: bytes.byteLength,
      opened: opened - before,
      grew: peak() - before,
    }),
  )
} else {
  const checkpoint = await openCheckpoint(from!)
  const { files } = await writeCheckpoint(to!, await streamTensors(checkpoint), {
    maxShardBytes: Number(shard),
  })
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(JSON.stringify({ files: files.length, bytes: total, grew: peak() - before }))
}
