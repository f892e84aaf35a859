/**
 * Compiles `assembly/` to WebAssembly and writes it as base64 into `src/generated/bulk-wasm.ts`, so that
 * the package is plain JavaScript for every bundler: no path to configure, no file to fetch.
 * The same sources give the same bytes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'src/generated/bulk-wasm.ts')

const options = [
  'assembly/index.ts',
  ...['--outFile', 'bulk.wasm', '--enable', 'simd', '-O3', '--noAssert', '--converge'],
  // No allocator and no garbage collector; one page of memory that cannot grow, so that views of it stay valid.
  ...['--runtime', 'stub', '--initialMemory', '1', '--maximumMemory', '1'],
]

let wasm: Uint8Array | undefined
const { error, stderr } = await asc.main(options, {
  readFile: (name, folder) => readFile(join(root, folder, name), 'utf8').catch(() => null),
  writeFile: (_name, contents) => {
    if (typeof contents !== 'string') wasm = contents
  },
})
if (error !== null || wasm === undefined) {
  process.stderr.write(stderr.toString())
  throw error ?? new Error('the compiler wrote no module')
}

const base64 = Buffer.from(wasm).toString('base64')
await mkdir(dirname(target), { recursive: true })
await writeFile(
  target,
  `/** Written by scripts/build-wasm.ts from assembly/: ${wasm.length} bytes of WebAssembly in base64. */
export const bulkWasm: string =
  '${base64}'
`,
)
console.log(`bulk kernels: ${wasm.length} bytes of WebAssembly`)
