import { expect, test } from 'vitest'
import { manifestProblems } from './manifest-rules.ts'
import type { PackedManifest } from './release.ts'

const good: PackedManifest = {
  name: '@octoscale/a',
  version: '0.1.0',
  description: 'A package of a test',
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  repository: { type: 'git', url: 'git+https://example.com/o/o.git', directory: 'packages/a' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  engines: { node: '>=22' },
  publishConfig: { access: 'public', provenance: true },
  keywords: ['a'],
  scripts: { build: 'octoscale-build' },
  dependencies: { '@octoscale/b': '^0.1.0', minisearch: '^7.2.0' },
}

test('a complete manifest passes', () => {
  expect(manifestProblems(good, 'packages/a')).toEqual([])
})

test.each([
  ['no version', { version: '0.0.0' }, /version/],
  ['no description', { description: '' }, /description/],
  ['another licence', { license: 'MIT' }, /license/],
  ['CommonJS', { type: 'commonjs' }, /type/],
  ['private', { private: true }, /private/],
  ['no repository', { repository: undefined }, /repository\.url/],
  ['another folder', { repository: { url: 'git+https://x.y/z.git', directory: 'packages/b' } }, /directory/],
  ['side effects unknown', { sideEffects: undefined }, /sideEffects/],
  ['no engines', { engines: {} }, /engines/],
  ['no provenance', { publishConfig: { access: 'public' } }, /provenance/],
  ['not public', { publishConfig: { provenance: true } }, /access/],
  ['no keywords', { keywords: [] }, /keywords/],
  ['no main entry', { exports: { './a': './a.json' } }, /main entry/],
  ['a script at installation', { scripts: { postinstall: 'node x.js' } }, /installation/],
  ['a workspace range', { dependencies: { '@octoscale/b': 'workspace:^' } }, /workspace:\^/],
  ['a path', { peerDependencies: { b: 'file:../b.tgz' } }, /file:/],
  ['an unreleased sibling', { optionalDependencies: { b: '^0.0.0' } }, /\^0\.0\.0/],
])('refuses %s', (_name, change, message) => {
  const problems = manifestProblems({ ...good, ...change }, 'packages/a')
  expect(problems.join('\n')).toMatch(message)
})
