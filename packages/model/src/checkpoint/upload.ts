/** Moves weights from files to backend memory. */
import { type Checkpoint, FormatError, type Memory, readCodes, rows, writeTensor } from '@octoscale/tensor'
import type { ListedTensor } from './inventory.ts'
import type { UploadJob } from './stored-weights.ts'

/** Several reads run at once, because a disk or server answers late; more than this is not held in memory. */
const maxBytesInFlight = 64 * 2 ** 20
const maxReadsInFlight = 8
/** Bytes read at once of a tensor that goes to the backend as it is; a multiple of 4. */
const pieceBytes = 8 * 2 ** 20

/** Bytes that a job reads from the checkpoint. */
export function bytesToRead(job: UploadJob): number {
  return job.kind === 'computed' ? 0 : job.stored.bytes
}

/**
 * Runs all jobs. `onBytes` hears the bytes read since its last call. Throws `signal.reason`, `FormatError`,
 * `FileReadError`, and what the backend throws; no read or write is under way any more when it does.
 */
export async function upload(
  checkpoint: Checkpoint,
  backend: Memory,
  jobs: readonly UploadJob[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const pieces: Uint8Array[] = []
  let bytesInFlight = 0
  let failure: { readonly error: unknown } | undefined
  const start = (job: UploadJob, bytes: number): void => {
    bytesInFlight += bytes
    const promise: Promise<void> = run(checkpoint, backend, job, pieces)
      .then(() => onBytes(bytes))
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => {
        bytesInFlight -= bytes
        running.delete(promise)
      })
    running.add(promise)
  }
  for (const job of jobs) {
    const bytes = bytesToRead(job)
    while (
      running.size > 0 &&
      (bytesInFlight + bytes > maxBytesInFlight || running.size >= maxReadsInFlight)
    ) {
      await Promise.race(running)
    }
    if (failure !== undefined || signal?.aborted) break
    start(job, bytes)
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure.error
  signal?.throwIfAborted()
}

async function run(
  checkpoint: Checkpoint,
  backend: Memory,
  job: UploadJob,
  pieces: Uint8Array[],
): Promise<void> {
  if (job.kind === 'computed') return writeTensor(backend, job.target, job.values())
  if (job.kind === 'bytes') return copyBytes(checkpoint, backend, job, pieces)
  if (job.kind === 'codes') return copyCodes(checkpoint, backend, job)
  const values = await readValues(checkpoint, job.stored)
  if (job.kind === 'derived') return writeTensor(backend, job.target, job.values(values))
  if (job.scales) assertFinite(job.stored, values)
  writeTensor(backend, job.target, values)
}

function assertFinite(stored: ListedTensor, scales: Float32Array, first = 0): void {
  const bad = scales.findIndex((scale) => !Number.isFinite(scale))
  if (bad < 0) return
  const problem = `scale ${first + bad} is ${scales[bad]}, must be finite`
  throw new FormatError({ file: stored.file, tensor: stored.name, problem })
}

/**
 * Piece by piece through a buffer of `pieces`, which are used again: what is thrown away instead is still in memory when
 * the next tensor is read, and the largest tensors have hundreds of megabytes.
 */
async function copyBytes(
  checkpoint: Checkpoint,
  backend: Memory,
  { stored, target }: Extract<UploadJob, { kind: 'bytes' }>,
  pieces: Uint8Array[],
): Promise<void> {
  const buffer = pieces.pop() ?? new Uint8Array(pieceBytes)
  const first = (stored.part ?? 0) * stored.bytes
  for (let at = 0; at < stored.bytes; at += pieceBytes) {
    const piece = buffer.subarray(0, Math.min(pieceBytes, stored.bytes - at))
    await checkpoint.readInto(stored.storedName, first + at, piece)
    backend.write(target.buffer, piece, target.offset + at)
  }
  pieces.push(buffer)
}

/** Some rows after the other, in the same arrays. */
async function copyCodes(
  checkpoint: Checkpoint,
  backend: Memory,
  { stored, target: { codes, scales, minimums, block } }: Extract<UploadJob, { kind: 'codes' }>,
): Promise<void> {
  const [height, width] = codes.shape as [number, number]
  const scalesPerRow = width / block[1]
  const step = Math.min(height, Math.max(1, Math.floor(pieceBytes / width)))
  const room = {
    codes: new Int8Array(step * width),
    scales: new Float32Array(step * scalesPerRow),
    minimums: new Float32Array(minimums === undefined ? 0 : step * scalesPerRow),
  }
  const first = (stored.part ?? 0) * height
  for (let from = 0; from < height; from += step) {
    const count = Math.min(step, height - from)
    const out = {
      codes: room.codes.subarray(0, count * width),
      scales: room.scales.subarray(0, count * scalesPerRow),
      minimums: room.minimums.subarray(0, count * scalesPerRow),
    }
    await readCodes(checkpoint, stored.storedName, { rows: [first + from, first + from + count], out })
    assertFinite(stored, out.scales, from * scalesPerRow)
    assertFinite(stored, out.minimums, from * scalesPerRow)
    writeTensor(backend, rows(codes, from, count), out.codes)
    writeTensor(backend, rows(scales, from, count), out.scales)
    if (minimums !== undefined) writeTensor(backend, rows(minimums, from, count), out.minimums)
  }
}

async function readValues(checkpoint: Checkpoint, stored: ListedTensor): Promise<Float32Array> {
  if (stored.part === undefined) return checkpoint.readFloat32(stored.storedName)
  const rows = stored.shape[0] as number
  return checkpoint.readFloat32(stored.storedName, { rows: [stored.part * rows, (stored.part + 1) * rows] })
}
