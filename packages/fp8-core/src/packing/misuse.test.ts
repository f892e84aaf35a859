/**
 * What a type checker would have refused: an `ArgumentError` that names the argument, never a TypeError of the engine.
 *
 * Mutations seen red: any array let through; `String` of what was given.
 */
import { describe, expect, it } from 'vitest'
import { packFp4, unpackFp4 } from './fp4.ts'
import { packFp6, unpackFp6 } from './fp6.ts'
import { packScaleTiles, unpackScaleTiles } from './scale-tiles.ts'
import { packUe8m0, unpackUe8m0 } from './ue8m0.ts'

const bytes = new Uint8Array(4)
const ones = new Float32Array(4).fill(1)
const int32 = new Int32Array(4)
const tile = new Uint8Array(512)

const calls: [op: string, argument: string, call: (bad: never) => unknown][] = [
  ['packFp4', 'codes', (bad) => packFp4(bad)],
  ['packFp4', 'out', (bad) => packFp4(bytes, bad)],
  ['unpackFp4', 'bytes', (bad) => unpackFp4(bad)],
  ['unpackFp4', 'out', (bad) => unpackFp4(bytes, bad)],
  ['packFp6', 'codes', (bad) => packFp6(bad)],
  ['packFp6', 'out', (bad) => packFp6(bytes, bad)],
  ['unpackFp6', 'bytes', (bad) => unpackFp6(bad, 4)],
  ['unpackFp6', 'out', (bad) => unpackFp6(new Uint8Array(3), 4, bad)],
  ['packUe8m0', 'scales', (bad) => packUe8m0(bad, [2, 2])],
  ['packUe8m0', 'shape', (bad) => packUe8m0(ones, bad)],
  ['packUe8m0', 'out', (bad) => packUe8m0(ones, [2, 2], bad)],
  ['unpackUe8m0', 'packed', (bad) => unpackUe8m0(bad, [2, 2])],
  ['unpackUe8m0', 'shape', (bad) => unpackUe8m0(int32, bad)],
  ['unpackUe8m0', 'out', (bad) => unpackUe8m0(int32, [2, 2], bad)],
  ['packScaleTiles', 'scales', (bad) => packScaleTiles(bad, [2, 2])],
  ['packScaleTiles', 'shape', (bad) => packScaleTiles(bytes, bad)],
  ['packScaleTiles', 'out', (bad) => packScaleTiles(bytes, [2, 2], bad)],
  ['unpackScaleTiles', 'tiles', (bad) => unpackScaleTiles(bad, [2, 2])],
  ['unpackScaleTiles', 'shape', (bad) => unpackScaleTiles(tile, bad)],
  ['unpackScaleTiles', 'out', (bad) => unpackScaleTiles(tile, [2, 2], bad)],
]

describe.each(calls)('%s refuses as %s', (op, argument, call) => {
  it.each([
    ['5', 5],
    ["'ab'", 'ab'],
    ['an object', { order: 'gguf-mxfp4' }],
    ['a Uint16Array', new Uint16Array(4)],
  ])('%s', (got, bad) => {
    const facts = { name: 'ArgumentError', op, argument, message: expect.stringContaining(op) }
    expect(() => call(bad as never)).toThrow(expect.objectContaining(facts))
    if (argument !== 'shape') expect(() => call(bad as never)).toThrow(`got ${got}`)
  })
})

const bare = Object.create(null) as never
it.each([
  ['order', () => packFp4(bytes, undefined, { order: bare })],
  ['count', () => unpackFp6(bytes, bare)],
  ['rowsPerScale', () => packUe8m0(ones, [2, 2], undefined, { rowsPerScale: bare })],
  ['shape', () => packScaleTiles(bytes, [bare, 1])],
] as [string, () => unknown][])('names what has no text of its own as %s', (argument, call) => {
  expect(call).toThrow(expect.objectContaining({ name: 'ArgumentError', argument }))
})
