/**
 * How the program in a package's README has to change to run elsewhere than in a checkout under Node. A package
 * without a row runs everywhere as its README shows it; rows say why they are needed.
 */

/** Text of the README, and what takes its place. Text that is no longer there is an error. */
export type Change = readonly [text: string | RegExp, replacement: string]

export interface Use {
  readonly why: string
  /** For every program outside of a checkout. */
  readonly changes?: readonly Change[]
  /** For a page, after those. */
  readonly pageChanges?: readonly Change[]
  /** Entries that are programs (of workers) and export nothing. */
  readonly workers?: readonly string[]
  /** Warnings of the bundler that are known and do no harm; with the flag `g`. */
  readonly warnings?: readonly RegExp[]
  /** Declarations name what TypeScript has in its library of the DOM only. */
  readonly needsDom?: true
  /** Packages that the programs or an entry need, and that the programs do not import. */
  readonly beside?: readonly string[]
  /** Programs end with an error where there is no GPU, not even one in software. */
  readonly needsGpu?: true
}

/** In a checkout the embedded model is the neighbouring folder, elsewhere it is installed. */
const modelFolder: Change = ['../octo-tiny/model', './node_modules/@octoscale/octo-tiny/model']

/** In a page, files are URLs. */
const readByFetch: Change = [
  `import { readFile } from 'node:fs/promises'\n`,
  `const readFile = async (url: string, _encoding: 'utf8'): Promise<string> => (await fetch(url)).text()\n`,
]

export const uses: Readonly<Record<string, Use>> = {
  '@octoscale/agent-tools': {
    why: 'it reads files; its sandbox is a worker, with an engine that names a module of Node and asks for it there only',
    changes: [[`root: 'src'`, `root: '.'`]],
    pageChanges: [
      [/^import .* from '@octoscale\/agent-tools\/node'.*\n/gm, ''],
      [
        /^const { documents } = await readDocuments.*$/gm,
        `const documents = [{ id: 'a', text: 'Some text.' }]`,
      ],
      [`  ...(await fileTools({ root: '.' })),\n`, ''],
    ],
    workers: ['/javascript-worker'],
    warnings: [/^\[plugin .*Module "module" has been externalized .*quickjs-singlefile.*$/gm],
  },
  '@octoscale/backend-webgpu': {
    why: 'it needs WebGPU, in Node from the package webgpu; TypeScript has the types of WebGPU with those of the DOM',
    beside: ['webgpu'],
    // Chromium and Node name the adapter differently.
    changes: [['console.log(backend.info.detail)', 'backend.info.detail']],
    needsGpu: true,
    needsDom: true,
  },
  '@octoscale/fp8-core': {
    why: 'it shows results as comments: they are printed here, so that they can be compared',
    changes: [[/^(\w+\(.*\)) (?=\/\/ )/gm, 'console.log($1) ']],
  },
  '@octoscale/model': {
    why: 'it reads the embedded model from disk',
    beside: ['@octoscale/octo-tiny'],
    changes: [modelFolder],
    pageChanges: [
      readByFetch,
      [`import { openCheckpoint }`, `import { openCheckpoint, urlFolder }`],
      [`import { fileFolder } from '@octoscale/tensor/node'\n`, ''],
      ['fileFolder(folder)', 'urlFolder(new URL(folder, location.href))'],
    ],
  },
  '@octoscale/tensor': {
    why: 'its entry ./testing needs the test runner of whoever tests a backend',
    beside: ['vitest'],
  },
  '@octoscale/tokenizer': {
    why: 'it reads the tokenizer of the embedded model from disk',
    beside: ['@octoscale/octo-tiny'],
    changes: [modelFolder],
    pageChanges: [readByFetch],
  },
}
