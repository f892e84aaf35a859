/** Writes the modules of `src/generated/` from `assembly/`: the same kernels with and without relaxed SIMD. */
import { fileURLToPath } from 'node:url'
import { writeWebAssembly } from '@octoscale/build/web-assembly'

const root = fileURLToPath(new URL('..', import.meta.url))
// The heap is TypeScript's, and it starts after the static data. Threads share it; `src/wasm/kernels.ts` changes the
// import where it is not shared.
const memory = ['--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536']
const options = [...memory, '--sharedMemory', '--enable', 'threads']

await writeWebAssembly(root, { name: 'kernels', options })
await writeWebAssembly(root, { name: 'relaxed', options: [...options, '--enable', 'relaxed-simd'] })
