import { expect, test } from 'vitest'
import { ChangeError, importedPackages, programsOf } from './programs.ts'

const fence = '```'
const readme = `# A
${fence}ts
import { readFile } from 'node:fs/promises'
process.stdout.write(await readFile('../there', 'utf8'))
${fence}
${fence}ts no-run it needs a GPU
render()
${fence}
${fence}ts
process.stdout.write('b')
${fence}
`

test('programs are the blocks that run, changed for where they run', () => {
  const use = {
    why: 'a test',
    changes: [['../there', './here']] as const,
    pageChanges: [
      [/^import .* from 'node:.*\n/gm, ''],
      ['await readFile(', 'await fetchText('],
    ] as const,
  }
  expect(programsOf(readme, use)).toEqual([
    {
      node: `import { readFile } from 'node:fs/promises'\nprocess.stdout.write(await readFile('./here', 'utf8'))\n`,
      page: `console.debug(await fetchText('./here', 'utf8'))\n`,
    },
    { node: `process.stdout.write('b')\n`, page: `console.debug('b')\n` },
  ])
  expect(programsOf(readme, undefined)[0]?.node).toContain('../there')
})

test('a change that fits no program is an error', () => {
  expect(() => programsOf(readme, { why: 'a test', changes: [['not there', '']] })).toThrow(ChangeError)
  expect(() => programsOf('', { why: 'a test', pageChanges: [['a', 'b']] })).toThrow(/"a"/)
})

test('imported packages, without files and modules of Node', () => {
  const code = `import { a } from '@octoscale/tensor/node'
import type { B } from 'octoscale'
import './capture.ts'
import { readFile } from 'node:fs'
export { d } from 'zod/v4'
const e = await import('@octoscale/tensor')
`
  expect(importedPackages(code)).toEqual(['@octoscale/tensor', 'octoscale', 'zod'])
})
