/**
 * Compiles a package's `assembly/` to WebAssembly and writes it as base64 into `src/generated/`, so that
 * the package is plain JavaScript for every bundler: no path to configure, no file to fetch.
 * The same sources give the same bytes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

export interface WebAssemblyModule {
  /** The module `bulk` is `bulkWasm` in `src/generated/bulk-wasm.ts`. */
  readonly name: string
  /** Default `assembly/index.ts`. */
  readonly entry?: string
  /** Options of the AssemblyScript compiler beside those that every module has. */
  readonly options: readonly string[]
}

/** No allocator, no garbage collector, no checks: memory is the caller's. */
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--converge']

/** @param root the package's folder */
export async function writeWebAssembly(root: string, module: WebAssemblyModule): Promise<void> {
  const { name, entry = 'assembly/index.ts', options } = module
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main([entry, '--outFile', `${name}.wasm`, ...OPTIONS, ...options], {
    readFile: (path, folder) => readFile(join(root, folder, path), 'utf8').catch(() => null),
    writeFile: (_path, contents) => {
      if (typeof contents !== 'string') wasm = contents
    },
  })
  if (error !== null || wasm === undefined) {
    process.stderr.write(stderr.toString())
    throw error ?? new Error('the compiler wrote no module')
  }
  const base64 = Buffer.from(wasm).toString('base64')
  await mkdir(join(root, 'src/generated'), { recursive: true })
  await writeFile(
    join(root, `src/generated/${name}-wasm.ts`),
    `/** Written by \`pnpm generate\` from ${entry}: ${wasm.length} bytes of WebAssembly in base64. */
export const ${name}Wasm: string =
  '${base64}'
`,
  )
  console.log(`${name}: ${wasm.length} bytes of WebAssembly`)
}
