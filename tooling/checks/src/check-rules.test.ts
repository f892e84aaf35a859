import { describe, expect, test } from 'vitest'
import { findBanned } from './checks/bans.ts'
import { unnamedTools } from './checks/fixtures.ts'
import { compareKernels, kernelNames } from './checks/kernels.ts'
import { findLeaks } from './checks/leaks.ts'
import { measure } from './checks/sizes.ts'
import { codeBlocks, relativeLinks } from './markdown.ts'

describe('bans', () => {
  const line = `throw new ${'Error'}('no')`
  test('a plain error in a library, not in its tests or elsewhere', () => {
    expect(findBanned('packages/a/src/b.ts', `ok\n${line}`)).toEqual([
      expect.stringContaining('packages/a/src/b.ts:2'),
    ])
    expect(findBanned('packages/a/src/b.test.ts', line)).toEqual([])
    expect(findBanned('tooling/a/src/b.ts', line)).toEqual([])
    expect(findBanned('packages/a/src/b.ts', `throw new ShapeError({})`)).toEqual([])
  })
})

describe('leaks', () => {
  const host = ['registry', 'npmjs', 'org'].join('.')
  const home = ['', 'home', 'ann', 'x.ts'].join('/')
  test('host names, paths of a machine, keys', () => {
    expect(findLeaks('a', `fine\nsee https://${host}/x`)).toEqual([expect.stringMatching(/^a:2: .*registry/)])
    expect(findLeaks('a', `open('${home}')`)).toEqual([expect.stringContaining('absolute path')])
    expect(findLeaks('a', `-----BEGIN RSA ${'PRIVATE'} KEY-----`)).toHaveLength(1)
    expect(findLeaks('a', `gh${'p'}_${'a'.repeat(36)}`)).toHaveLength(1)
  })
  test('parts of longer paths and relative paths pass', () => {
    expect(findLeaks('a', `docs/root/x, ./work/y, https://example.com/home/ann/x, **/work/main`)).toEqual([])
  })
})

describe('kernels', () => {
  const contract =
    'export interface Ops {\n  embed(args: EmbedArgs): void\n  rmsNorm(args: RmsNormArgs): void\n}\n'
  test('file names of operations', () => {
    expect(kernelNames(contract)).toEqual(['embed', 'rms-norm'])
  })
  test('what is missing and what is too much', () => {
    expect(compareKernels('k', ['embed', 'helper'], ['embed', 'rms-norm'])).toEqual([
      expect.stringContaining('k/rms-norm.ts is missing'),
      expect.stringContaining('k/helper.ts is no operation'),
    ])
    expect(compareKernels('k', ['embed'], ['embed'])).toEqual([])
  })
})

test('sizes are nearest-rank quantiles', () => {
  expect(measure([])).toEqual({ files: 0, median: 0, p90: 0, largest: 0 })
  expect(measure([7])).toEqual({ files: 1, median: 7, p90: 7, largest: 7 })
  expect(measure([50, 10, 30, 20, 40, 60, 70, 80, 90, 100])).toEqual({
    files: 10,
    median: 50,
    p90: 90,
    largest: 100,
  })
})

test('fixtures: each pinned tool stands in the README with its version', () => {
  const requirements = '# tools\nnumpy==2.1.0\ntorch>=2\n'
  expect(unnamedTools(requirements, '| numpy | 2.1.0 |')).toEqual([expect.stringContaining('torch>=2')])
  expect(unnamedTools('numpy==2.1.0', '| numpy | 2.0.0 |')).toEqual([expect.stringContaining('numpy 2.1.0')])
  expect(unnamedTools('', '')).toEqual([expect.stringContaining('missing')])
})

test('code blocks of a README, with their words and lines', () => {
  const fence = '```'
  const text = `# A\n${fence}ts\nlet a = 1\n${fence}\n${fence}sh\nls\n${fence}\n${fence}ts no-run needs a GPU\nb()\n${fence}\n`
  expect(codeBlocks(text, ['ts'])).toEqual([
    { language: 'ts', words: [], code: 'let a = 1\n', line: 2 },
    { language: 'ts', words: ['no-run', 'needs', 'a', 'GPU'], code: 'b()\n', line: 8 },
  ])
})

test('links of a document, not those in code or to other sites', () => {
  const text =
    'See [a](a.md#part), [b](../b/c.ts), [d](#here), [e](https://example.com/e).\n`[f](f.md)`\n```md\n[g](g.md)\n```\n'
  expect(relativeLinks(text)).toEqual(['a.md', '../b/c.ts'])
})
