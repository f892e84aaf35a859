/**
 * Compiles a package's `assembly/` to WebAssembly and writes it as base64 into `src/generated/`, so that
 * the package is plain JavaScript for every bundler: no path to configure, no file to fetch.
 * The same sources give the same bytes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { Memory64 } from './memory64.ts'
import { layoutsTo, type RecordLayouts } from './record-layouts.ts'

export interface WebAssemblyModule {
  /** The module `bulk` is `bulkWasm` in `src/generated/bulk-wasm.ts`. */
  readonly name: string
  /** Default `assembly/index.ts`. */
  readonly entry?: string
  /** Options of the AssemblyScript compiler beside those that every module has. */
  readonly options: readonly string[]
  /** With 64-bit addresses in a shared memory that is imported. */
  readonly memory64?: boolean
}

/** No allocator, no garbage collector, no checks: memory is the caller's. */
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--converge']

/**
 * @param root the package's folder
 * @returns where the fields of the module's classes lie
 */
export async function writeWebAssembly(root: string, module: WebAssemblyModule): Promise<RecordLayouts> {
  const { name, entry = 'assembly/index.ts', options, memory64 = false } = module
  let wasm: Uint8Array | undefined
  let layouts: RecordLayouts = {}
  const toLayouts = layoutsTo((found) => {
    layouts = found
  })
  // The command takes classes too, which its types do not say.
  const transforms = [...(memory64 ? [Memory64] : []), toLayouts] as unknown as asc.Transform[]
  const { error, stderr } = await asc.main([entry, '--outFile', `${name}.wasm`, ...OPTIONS, ...options], {
    readFile: (path, folder) => readFile(join(root, folder, path), 'utf8').catch(() => null),
    writeFile: (_path, contents) => {
      if (typeof contents !== 'string') wasm = contents
    },
    transforms,
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
  return layouts
}

/** Writes `recordLayouts` into `src/generated/record-layouts.ts`: the layouts of several modules, by any name. */
export async function writeRecordLayouts(
  root: string,
  layouts: Readonly<Record<string, RecordLayouts>>,
): Promise<void> {
  const text = JSON.stringify(layouts).replaceAll('"', "'")
  await writeFile(
    join(root, 'src/generated/record-layouts.ts'),
    `/** Written by \`pnpm generate\`: \`[name, offset, bytes]\` of the fields of classes in assembly/. */
export type RecordFields = readonly (readonly [name: string, offset: number, bytes: number])[]

export const recordLayouts: Readonly<Record<${Object.keys(layouts)
      .map((key) => `'${key}'`)
      .join(' | ')}, Readonly<Record<string, RecordFields>>>> =
  ${text}
`,
  )
}
