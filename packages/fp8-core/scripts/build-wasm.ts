/** Writes `src/generated/bulk-wasm.ts` from `assembly/`. */
import { fileURLToPath } from 'node:url'
import { writeWebAssembly } from '@octoscale/build/web-assembly'

await writeWebAssembly(fileURLToPath(new URL('..', import.meta.url)), {
  name: 'bulk',
  // One page of memory that cannot grow, so that views of it stay valid.
  options: ['--initialMemory', '1', '--maximumMemory', '1'],
})
