/** Test data: a backend that computes nothing and notes what reaches it. */
import type { Backend, OpName, Ops } from '../backend.ts'

const opNames: readonly OpName[] = [
  'embed',
  'rmsNorm',
  'linear',
  'rope',
  'writeLatent',
  'latentAttention',
  'writeKv',
  'attention',
  'route',
  'moe',
  'siluMul',
  'add',
  'concat',
  'selectRows',
]

export function fakeBackend(): { backend: Backend; calls: string[] } {
  const calls: string[] = []
  const ops = Object.fromEntries(opNames.map((name) => [name, () => calls.push(name)])) as unknown as Ops
  const backend: Backend = {
    info: { name: 'fake', detail: 'notes its calls', policy: 'exact' },
    ops,
    alloc(bytes, label) {
      calls.push(`alloc ${bytes}`)
      return { bytes, label }
    },
    write: (_, data, offset) => void calls.push(`write ${data.byteLength} at ${offset}`),
    async read(_, offset, bytes) {
      calls.push(`read ${bytes} at ${offset}`)
      return new Uint8Array(bytes ?? 0)
    },
    free: ({ label }) => void calls.push(`free ${label}`),
    dispose: () => void calls.push('dispose'),
  }
  return { backend, calls }
}
