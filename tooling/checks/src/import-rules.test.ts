import { describe, expect, test } from 'vitest'
import { cycles, importsOf, relativeTarget } from './import-graph.ts'
import { dependencyProblems, directionProblem } from './import-rules.ts'
import type { Package } from './workspace.ts'

const named = (name: string, dependencies: Record<string, string> = {}): Package => ({
  folder: `packages/${name.split('/').at(-1)}`,
  manifest: { name, version: '0.0.0', dependencies },
})
const value = (specifier: string) => ({ specifier, kind: 'static' as const })

test('imports are read from the syntax, with their kind', () => {
  const text = [
    `import a, { type B } from './a.ts'`,
    `import type { C } from './c.ts'`,
    `import { type D } from './d.ts'`,
    `import './e.ts'`,
    `export { f } from './f.ts'`,
    `export type * from './g.ts'`,
    `const h = await import('./h.ts')`,
    `const i = await import(name)`,
    `// import './comment.ts'`,
    `const s = "import './string.ts'"`,
  ].join('\n')
  expect(importsOf('x.ts', text)).toEqual([
    { specifier: './a.ts', kind: 'static' },
    { specifier: './c.ts', kind: 'type' },
    { specifier: './d.ts', kind: 'type' },
    { specifier: './e.ts', kind: 'static' },
    { specifier: './f.ts', kind: 'static' },
    { specifier: './g.ts', kind: 'type' },
    { specifier: './h.ts', kind: 'dynamic' },
  ])
})

test('relative specifiers name files', () => {
  expect(relativeTarget('packages/a/src/b/c.ts', '../d.ts')).toBe('packages/a/src/d.ts')
  expect(relativeTarget('packages/a/src/c.ts', 'node:fs')).toBeUndefined()
})

test('circles are found, trees are not', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
    ['d', []],
    ['e', ['f']],
    ['f', ['g', 'd']],
    ['g', ['e']],
    ['h', ['h']],
  ])
  expect(cycles(graph)).toEqual([['e', 'f', 'g'], ['h']])
})

describe('directions', () => {
  const file = 'packages/x/src/y.ts'
  test.each([
    ['@octoscale/backend-cpu', '@octoscale/model'],
    ['@octoscale/model', '@octoscale/backend-cpu'],
    ['@octoscale/tokenizer', '@octoscale/tensor'],
    ['@octoscale/fp8-core', '@octoscale/tensor'],
    ['@octoscale/fp8-core', 'lodash'],
    ['@octoscale/tensor', '@octoscale/tensor/testing'],
    ['octoscale', '@octoscale/octo-tiny'],
    ['@octoscale/new', '@octoscale/tensor'],
  ])('%s may not import %s', (from, specifier) => {
    expect(directionProblem(file, named(from), value(specifier))).toEqual(expect.any(String))
  })

  test('what the picture allows passes, and tests may import more', () => {
    expect(directionProblem(file, named('@octoscale/model'), value('@octoscale/tensor'))).toBeUndefined()
    expect(directionProblem(file, named('octoscale'), value('@octoscale/tensor/node'))).toBeUndefined()
    const inTest = directionProblem(
      'packages/x/src/y.test.ts',
      named('@octoscale/model'),
      value('@octoscale/backend-cpu'),
    )
    expect(inTest).toBeUndefined()
  })

  test('dependencies follow the same picture', () => {
    expect(dependencyProblems(named('@octoscale/model', { '@octoscale/tensor': 'workspace:^' }))).toEqual([])
    expect(dependencyProblems(named('@octoscale/fp8-core', { ms: '1' }))).toEqual([
      expect.stringContaining('ms'),
    ])
  })
})
