/**
 * Writes the modules of `src/generated/` from `assembly/`: the same kernels with and without relaxed SIMD, for memory with
 * addresses of 32 and of 64 bits, and where the fields of their records lie in either.
 */
import { fileURLToPath } from 'node:url'
import { writeRecordLayouts, writeWebAssembly } from '@octoscale/build/web-assembly'

const root = fileURLToPath(new URL('..', import.meta.url))
// The heap is TypeScript's, and it starts after the static data. Threads share it; `src/wasm/kernels.ts` changes the
// import where it is not shared.
const memory = ['--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536']
const plain = [...memory, '--sharedMemory', '--enable', 'threads']
const relaxed = [...plain, '--enable', 'relaxed-simd']

const narrow = await writeWebAssembly(root, { name: 'kernels', options: plain })
await writeWebAssembly(root, { name: 'relaxed', options: relaxed })
const wide = await writeWebAssembly(root, { name: 'kernels64', options: plain, memory64: true })
await writeWebAssembly(root, { name: 'relaxed64', options: relaxed, memory64: true })
await writeRecordLayouts(root, { narrow, wide })
