import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Check } from '../finding.ts'
import { isTest, readText, root } from '../workspace.ts'

const contract = 'packages/tensor/src/backend.ts'

/** The operations of the contract, by the file name of their kernel: `rmsNorm` is `rms-norm`. */
export function kernelNames(contractText: string): string[] {
  const body = /export interface Ops \{\n([\s\S]*?)\n\}/.exec(contractText)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(\w+)\(/gm)]
    .map((match) => (match[1] ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
    .sort()
}

/** What a kernel folder has too little or too much, against the contract. */
export function compareKernels(
  folder: string,
  names: readonly string[],
  operations: readonly string[],
): string[] {
  const missing = operations.filter((name) => !names.includes(name))
  const extra = names.filter((name) => !operations.includes(name))
  return [
    ...missing.map((name) => `${folder}/${name}.ts is missing: ${contract} has this operation`),
    ...extra.map(
      (name) => `${folder}/${name}.ts is no operation of ${contract}: shared parts live beside the folder`,
    ),
  ]
}

export const kernels: Check = {
  name: 'kernels',
  about: 'each kernel folder of a backend has one file for each operation of the contract',
  run() {
    const operations = kernelNames(readText(contract))
    const folders = globSync('packages/backend-*/src/**/kernels', { cwd: root }).sort()
    const problems = folders.flatMap((folder) => {
      const files = globSync('*.ts', { cwd: join(root, folder) }).filter((file) => !isTest(file))
      return compareKernels(
        folder,
        files.map((file) => basename(file, '.ts')),
        operations,
      )
    })
    if (operations.length === 0) problems.push(`found no operations in ${contract}`)
    if (folders.length === 0) problems.push('found no kernel folder in packages/backend-*/src')
    return {
      problems,
      note: `${operations.length} operations, ${folders.length} kernel folders`,
      details: folders,
    }
  },
}
