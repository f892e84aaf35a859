/**
 * The committed pictures and the tables of README.md are what the commands make today, and the measured figures are
 * those of today's code.
 *
 * Mutations seen red: a recipe's scale selection, its name, how a cast overflows, a colour, a digit of README.md in each of
 * the tables, a digit of sqnr.json in either column, a heading moved to the right.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { distributions } from './distributions.ts'
import { measure, shapes } from './measure.ts'
import { measuredFile, measuredText, outputs, packageFolder, readMeasured } from './outputs.ts'
import { schemes } from './schemes.ts'

const figures = 'pnpm --filter @octoscale/fp8-core figures'
const remeasure = 'pnpm --filter @octoscale/fp8-core sqnr --write'
const measured = readMeasured()
const made = outputs(measured)

const committed = (file: string): string => readFileSync(join(packageFolder, file), 'utf8')

describe.each(Object.keys(made))('%s', (file) => {
  test('is what the command writes', () => {
    expect(committed(file) === made[file], `${file} has changed: run ${figures}`).toBe(true)
  })
})

const pictures = Object.entries(made).filter(([file]) => file.endsWith('.svg'))

test('pictures are small, and say in words what they show', () => {
  for (const [file, picture] of pictures) {
    expect(Buffer.byteLength(picture), file).toBeLessThan(60_000)
    expect(picture, file).toMatch(/<title id="title">.+<\/title>\n<desc id="description">.+<\/desc>/)
    expect(picture, file).not.toMatch(/NaN|undefined|Infinity/)
  }
  expect(pictures.length).toBe(3)
})

test('text stays within the pictures, by a generous guess at its width', () => {
  for (const [file, picture] of pictures) {
    const width = Number(/width="(\d+)"/.exec(picture)?.[1])
    const texts = [...picture.matchAll(/<text x="([\d.]+)"([^>]*)>([^<]*)</g)]
    expect(texts.length, file).toBeGreaterThan(20)
    for (const [, x, attributes, content] of texts) {
      const anchor = /text-anchor="(\w+)"/.exec(attributes!)?.[1]
      const length = content!.length * 7.5
      const left = Number(x) - (anchor === 'end' ? length : anchor === 'middle' ? length / 2 : 0)
      expect(left, `${file}: ${content}`).toBeGreaterThanOrEqual(0)
      expect(left + length, `${file}: ${content}`).toBeLessThanOrEqual(width)
    }
  }
})

test('every scheme gives what was measured, on the first numbers', () => {
  const again = measure(shapes.part)
  const differing = schemes.flatMap(({ name }, i) =>
    distributions
      .filter((_, j) => measured[i]?.part[j] !== again[i]![j])
      .map((distribution) => `${name}, ${distribution.name}`),
  )
  expect(differing, `run ${remeasure}`).toEqual([])
})

test('some schemes give what was measured, on all numbers', () => {
  const some = schemes.filter(({ name }) => /^(E5M2, cast|DeepSeek .*, F32|MXFP4, even)$/.test(name))
  const expected = some.map(({ name }) => measured.find((row) => row.scheme === name)?.whole.slice(0, 1))
  expect(measure(shapes.whole, some, distributions.slice(0, 1)), `run ${remeasure}`).toEqual(expected)
  expect(some.length).toBe(4)
})

test('the measured rows are the schemes', () => {
  expect(measured.map(({ scheme }) => scheme)).toEqual(schemes.map(({ name }) => name))
  expect(committed(measuredFile)).toBe(measuredText(measured))
})
