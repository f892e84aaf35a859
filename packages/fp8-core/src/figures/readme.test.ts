/**
 * What README.md says about the program it shows, and about files, is so.
 *
 * Mutations seen red: another result in the program, a function, rounding or file renamed, a section replaced as far as the
 * last comment, one without its first comment.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as fp8 from '../index.ts'
import { packageFolder } from './outputs.ts'
import { replaceSection } from './sections.ts'

const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
const programs = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program]) => program!)

test.each(programs)('the results behind the lines of program %# are what the lines give', (program) => {
  const lines = program.split('\n').filter((line) => line !== '' && !/^import .* from /.test(line))
  const expected: unknown[] = []
  const body = lines.map((line) => {
    const result = /^(\w.*?\)(?:\.\w+)?(?:\(.*?\))?) \/\/ ("[^"]*"|-?[\d.]+)/.exec(line)
    if (result === null || line.startsWith('const ')) return line
    const [, expression, shown] = result
    expected.push(JSON.parse(shown!))
    // A number to as many digits after the point as are shown.
    const fraction = /^-?\d+\.(\d+)/.exec(shown!)
    const rounded = fraction === null ? expression : `Number((${expression}).toFixed(${fraction[1]!.length}))`
    return `results.push(${rounded})`
  })
  const names = Object.keys(fp8)
  const run = new Function(...names, `const results = []\n${body.join('\n')}\nreturn results`)
  expect(run(...Object.values(fp8))).toEqual(expected)
  expect(expected.length).toBeGreaterThanOrEqual(4)
})

test('there are two programs', () => {
  expect(programs).toHaveLength(2)
})

test('the functions and errors it names are exported', () => {
  const named = [...readme.matchAll(/`([a-z]\w*[A-Z0-9]\w*|\w+Error)`/g)].map(([, name]) => name!)
  const functions = named.filter((name) =>
    /^(pack|unpack|encode|decode|requantize|find|max|cosine|code|ulp)|Error$/.test(name),
  )
  expect(functions.filter((name) => !(name in fp8))).toEqual([])
  expect(functions.length).toBeGreaterThan(8)
})

test('every rounding has its row', () => {
  expect(fp8.roundings.filter((name) => name !== 'nearest' && !readme.includes(`\`${name}\``))).toEqual([])
})

test('the files it lists exist', () => {
  const map = readme.slice(readme.indexOf('## Files'))
  const files = [...map.matchAll(/`([\w./-]+(?:\.ts|\/))`/g)].map(([, file]) => file!)
  const present = readdirSync(packageFolder, { recursive: true, encoding: 'utf8' })
  const isPresent = (file: string) =>
    present.some((path) => `/${path}/`.endsWith(`/${file.replace(/\/$/, '')}/`))
  expect(files.filter((file) => !isPresent(file))).toEqual([])
  expect(files.length).toBeGreaterThan(10)
})

test('a section is replaced between its comments, and only there', () => {
  const text = 'a\n<!-- begin one: why -->\nold\n<!-- end one -->\nb\n<!-- begin two -->\n<!-- end two -->\n'
  const changed =
    'a\n<!-- begin one: why -->\n\nnew $& \n\n<!-- end one -->\nb\n<!-- begin two -->\n<!-- end two -->\n'
  expect(replaceSection(text, 'one', 'new $& ')).toBe(changed)
  expect(replaceSection(changed, 'one', 'new $& ')).toBe(changed)
  expect(() => replaceSection(text, 'three', '')).toThrow(fp8.ArgumentError)
  expect(() => replaceSection(text.replace('<!-- end two -->', ''), 'two', '')).toThrow(fp8.ArgumentError)
})
