/** Writes `src/generated/kernels-wasm.ts` from `assembly/`. */
import { fileURLToPath } from 'node:url'
import { writeWebAssembly } from '@octoscale/build/web-assembly'

await writeWebAssembly(fileURLToPath(new URL('..', import.meta.url)), {
  name: 'kernels',
  // The heap is TypeScript's, and it starts after the static data.
  options: ['--importMemory', '--noExportMemory'],
})
