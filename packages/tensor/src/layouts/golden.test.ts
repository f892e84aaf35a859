/**
 * Every layout against the library of its makers, bit for bit; with its configuration, and without where the tensors tell.
 *
 * Mutations seen red: nibbles exchanged; bytes of FP4 counted as one code; UE8M0 bytes decoded as E4M3; partial blocks rounded down; the
 * reciprocal taken as a factor, and rounded to float32; V4's FP4 in blocks of 128; the second expert read from the first one's
 * bytes; the format of a group not read; a scale per row read as one per weight; float32 given as bfloat16.
 */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../files/checkpoint.ts'
import { hexOf } from '../files/test-files.ts'
import { isBlockScaledArray } from '../host.ts'
import { fileFolder } from '../node.ts'
import { dequantizeWeight } from './dequantize-weight.ts'
import { expectedLayouts, layoutsFolder } from './test-layouts.ts'
import { weightsOf } from './weights-of.ts'

/** Without a configuration FP8 of ModelOpt cannot be told from compressed-tensors; its numbers are the same. */
const alone: Readonly<Record<string, string>> = { 'modelopt-fp8': 'compressed-tensors' }

describe.each(Object.entries(expectedLayouts))('%s', (folder, { layout, weights }) => {
  test.each([
    ['with its config.json', undefined, layout],
    ['by the tensors alone', null, alone[folder] ?? layout],
  ])('%s', async (_, config, name) => {
    const checkpoint = await openCheckpoint(fileFolder(layoutsFolder + folder))
    const opened = await weightsOf(checkpoint, { config })
    expect(opened.layout).toBe(name)
    for (const [weight, { shape, dtype, sha256, first }] of Object.entries(weights)) {
      expect(opened.names).toContain(weight)
      const read = await opened.read(weight)
      const dense = isBlockScaledArray(read) ? dequantizeWeight(read, dtype) : read
      expect(dense).toMatchObject({ shape, dtype })
      expect(hexOf(dense.data).slice(0, first.length), weight).toBe(first)
      expect(createHash('sha256').update(dense.data).digest('hex'), weight).toBe(sha256)
    }
  })

  test('names are the weights and the tensors that are none of their parts', async () => {
    const checkpoint = await openCheckpoint(fileFolder(layoutsFolder + folder))
    const { names, read } = await weightsOf(checkpoint)
    const rest = names.filter((name) => weights[name] === undefined)
    expect(
      rest.every(
        (name) =>
          (checkpoint.has(name) && !/scale(s|_inv|_2)?$|_blocks$/.test(name)) || name.endsWith('input_scale'),
      ),
    ).toBe(true)
    expect(new Set(names).size).toBe(names.length)
    for (const name of rest) {
      const weight = await read(name)
      expect(isBlockScaledArray(weight)).toBe(false)
      expect((weight as { data: Uint8Array }).data).toEqual(await checkpoint.read(name))
    }
  })
})
