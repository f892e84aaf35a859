import { describe, expect, test } from 'vitest'
import { withJavaScriptSpecifiers } from './declarations.ts'
import { entriesOf, ManifestError } from './entries.ts'

const index = {
  '@octoscale/source': './src/index.ts',
  types: './dist/index.d.ts',
  default: './dist/index.js',
}

describe('entriesOf', () => {
  test('names each entry after its output', () => {
    const testing = {
      '@octoscale/source': './src/testing/index.ts',
      types: './dist/testing/index.d.ts',
      default: './dist/testing/index.js',
    }
    expect(
      entriesOf({ name: 'p', exports: { '.': index, './testing': testing, './model/*': './model/*' } }),
    ).toEqual({ index: './src/index.ts', 'testing/index': './src/testing/index.ts' })
  })

  test.each([
    ['another output', { ...index, default: './dist/main.js' }, /default must be \.\/dist\/index\.js/],
    ['other types', { ...index, types: './src/index.ts' }, /types must be \.\/dist\/index\.d\.ts/],
    ['a source outside src', { ...index, '@octoscale/source': './index.ts' }, /must be \.\/src\/\*\.ts/],
    ['the source last', Object.fromEntries(Object.entries(index).reverse()), /must be the first condition/],
  ])('refuses %s', (_name, target, message) => {
    const read = () => entriesOf({ name: 'p', exports: { '.': target } })
    expect(read).toThrow(ManifestError)
    expect(read).toThrow(message)
  })
})

test('declarations name JavaScript files, and only in import specifiers', () => {
  const written = [
    `import type { A } from './a.ts';`,
    `export * from "../b/c.ts";`,
    `export declare function f(): import('./d.ts').D;`,
    `import './e.ts';`,
    `/** reads './a.ts' */`,
    `import type { G } from 'package/g.ts';`,
  ].join('\n')
  expect(withJavaScriptSpecifiers(written)).toBe(
    [
      `import type { A } from './a.js';`,
      `export * from "../b/c.js";`,
      `export declare function f(): import('./d.js').D;`,
      `import './e.js';`,
      `/** reads './a.ts' */`,
      `import type { G } from 'package/g.ts';`,
    ].join('\n'),
  )
})
