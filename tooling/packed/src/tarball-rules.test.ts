import { expect, test } from 'vitest'
import { exportedFiles, tarballProblems } from './tarball-rules.ts'

const good = ['LICENSE', 'README.md', 'package.json', 'dist/a.d.ts', 'dist/a.js', 'src/a.ts']
const files = ['dist', 'src', '!src/**/*.test.ts']

test('a tarball with what users need passes', () => {
  expect(tarballProblems(good, files)).toEqual([])
  expect(tarballProblems([...good, 'CHANGELOG.md'], files)).toEqual([])
})

test.each([
  ['LICENSE', 'is missing'],
  ['README.md', 'is missing'],
])('%s may not be missing', (name, problem) => {
  const without = good.filter((each) => each !== name)
  expect(tarballProblems(without, files)).toEqual([`${name} ${problem}`])
})

test.each([
  'src/a.test.ts',
  'src/golden/a.json',
  'dist/.cache/x.json',
  'src/a.bench.ts',
  'tsconfig.json',
  'model/x.bin',
  'src/helper.ts',
])('%s is too much', (name) => {
  const problems = tarballProblems([...good, name], files)
  expect(problems.length).toBeGreaterThan(0)
  for (const problem of problems) expect(problem).toContain(name)
})

test('a name that begins like a place is not in it', () => {
  expect(tarballProblems([...good, 'dist-old/a.js'], files)).toEqual([
    expect.stringContaining('dist-old/a.js'),
  ])
})

test('exported files of all conditions, patterns left out', () => {
  const entry = { '@octoscale/source': './src/a.ts', types: './dist/a.d.ts', default: './dist/a.js' }
  expect(exportedFiles({ '.': entry, './model/*': './model/*', './data': './data.json' })).toEqual([
    'src/a.ts',
    'dist/a.d.ts',
    'dist/a.js',
    'data.json',
  ])
})
