/** Files that break one rule each: a `FormatError` with the facts, before any data is read. */
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type ByteSource, bytesSource } from './byte-source.ts'
import { openSafetensors } from './safetensors.ts'
import { fileWith } from './test-files.ts'

const u8 = (begin: unknown, end: unknown, shape: unknown = [1], dtype: unknown = 'U8') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

/** A file of `size` bytes that begins with this length field. */
function lengthField(length: bigint, size: number): ByteSource {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setBigUint64(0, length, true)
  return bytesSource('test.safetensors', bytes)
}

const malformed: readonly [string, ByteSource, RegExp][] = [
  ['empty file', bytesSource('test.safetensors', new Uint8Array()), /0 bytes are too few/],
  ['seven bytes', bytesSource('test.safetensors', new Uint8Array(7)), /7 bytes are too few/],
  ['header longer than the file', lengthField(100n, 20), /claims 100 bytes, the file has 12/],
  [
    'header longer than the limit',
    lengthField(100_000_001n, 20),
    /claims 100000001 bytes, the limit is 100000000/,
  ],
  ['header length of 64 bits', lengthField(2n ** 64n - 1n, 20), /claims 18446744073709551615 bytes/],
  ['header of 0 bytes', lengthField(0n, 8), /must start with \{/],
  ['not UTF-8', fileWith(Uint8Array.of(0x7b, 0xff, 0x7d)), /not valid UTF-8/],
  ['byte order mark', fileWith('\ufeff{}'), /must start with \{/],
  ['leading space', fileWith(' {}'), /must start with \{/],
  ['an array', fileWith('[]'), /must start with \{/],
  ['not JSON', fileWith('{"a":}'), /not valid JSON/],
  ['unclosed string', fileWith('{"a'), /not valid JSON/],
  ['nothing after a backslash', fileWith('{"a\\'), /not valid JSON/],
  ['two documents', fileWith('{}{}'), /not valid JSON/],
  ['nested too deep', fileWith(`{"a":${'['.repeat(100_000)}`), /nested deeper than 16/],
  [
    'a name twice',
    fileWith(
      '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    ),
    /key "a" twice/,
  ],
  [
    'a name twice, once escaped',
    fileWith('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":1}'),
    /key "a" twice/,
  ],
  [
    'a field twice',
    fileWith('{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}'),
    /key "dtype" twice/,
  ],
  [
    'a size that JSON rounds to 2^53',
    fileWith('{"b":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}}', 1),
    /shape must be an array of integers/,
  ],
  ['metadata twice', fileWith('{"__metadata__":{},"__metadata__":{}}'), /key "__metadata__" twice/],
  ['metadata is no object', fileWith({ __metadata__: [] }), /__metadata__ must be an object/],
  [
    'metadata value is no string',
    fileWith({ __metadata__: { a: 1 } }),
    /__metadata__ "a" must be a string, got number/,
  ],
  [
    'lone surrogate',
    fileWith('{"\\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
    /not valid Unicode/,
  ],
  ['entry is null', fileWith({ a: null }), /tensor "a": its entry must be an object/],
  ['entry is an array', fileWith({ a: [] }), /tensor "a": its entry must be an object/],
  ['no dtype', fileWith({ a: { shape: [], data_offsets: [0, 0] } }), /dtype must be a string, got undefined/],
  ['dtype is a number', fileWith({ a: u8(0, 1, [1], 3) }, 1), /dtype must be a string/],
  ['no shape', fileWith({ a: { dtype: 'U8', data_offsets: [0, 0] } }), /shape must be an array/],
  ['negative size', fileWith({ a: u8(0, 1, [-1, -1]) }, 1), /shape must be an array of integers >= 0/],
  [
    'negative zero',
    fileWith('{"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}'),
    /shape must be an array/,
  ],
  ['fractional size', fileWith({ a: u8(0, 1, [0.5, 2]) }, 1), /shape must be an array/],
  [
    'size beyond 2^53',
    fileWith('{"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}}', 1),
    /shape must be an array/,
  ],
  ['size is a string', fileWith({ a: u8(0, 1, ['1']) }, 1), /shape must be an array/],
  [
    'product overflows',
    fileWith({ a: u8(0, 1, [2 ** 40, 2 ** 40]) }, 1),
    /not a whole number of bytes below 2\^53/,
  ],
  [
    'product wraps 64 bits to the right size',
    fileWith({ a: u8(0, 0, [2 ** 32, 2 ** 32]) }),
    /not a whole number of bytes/,
  ],
  ['half a byte', fileWith({ a: u8(0, 2, [3], 'F4') }, 2), /F4 \[3\] takes not a whole number/],
  ['no offsets', fileWith({ a: { dtype: 'U8', shape: [1] } }, 1), /data_offsets must be two integers/],
  [
    'three offsets',
    fileWith({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 2] } }, 2),
    /data_offsets must be two/,
  ],
  ['offset is null', fileWith({ a: u8(0, null) }, 1), /data_offsets must be two/],
  ['negative offset', fileWith({ a: u8(-1, 0) }, 1), /data_offsets must be two/],
  ['ends before it begins', fileWith({ a: u8(1, 0) }, 1), /end before they begin: 1 \.\. 0/],
  [
    'size and shape disagree',
    fileWith({ a: u8(0, 4, [2], 'F32') }, 4),
    /tensor "a": F32 \[2\] takes 8, data_offsets give 4 bytes/,
  ],
  ['bytes for an empty tensor', fileWith({ a: u8(0, 4, [0, 7], 'F32') }, 4), /takes 0, data_offsets give 4/],
  [
    'ends after the file',
    fileWith({ a: u8(0, 9, [9]) }, 8),
    /tensor "a": it ends at byte \d+, the file at \d+/,
  ],
  [
    'gap at the start',
    fileWith({ a: u8(1, 2) }, 2),
    /tensor "a": leaves a gap before it: it begins at 1, the one before ends at 0/,
  ],
  ['gap between', fileWith({ b: u8(2, 3), a: u8(0, 1) }, 3), /tensor "b": leaves a gap before it/],
  [
    'overlap',
    fileWith({ a: u8(0, 2, [2]), b: u8(1, 3, [2]) }, 3),
    /tensor "b": overlaps the tensor before it: it begins at 1, the one before ends at 2/,
  ],
  ['the same bytes twice', fileWith({ a: u8(0, 2, [2]), b: u8(0, 2, [2]) }, 2), /tensor "b": overlaps/],
  [
    'bytes after the last tensor',
    fileWith({ a: u8(0, 1) }, 3),
    /2 bytes after the last tensor belong to none/,
  ],
  ['data without tensors', fileWith('{}', 1), /1 bytes after the last tensor/],
  [
    'unknown dtype beyond the file',
    fileWith({ a: u8(0, 50, [1], 'Q1') }, 8),
    /it ends at byte \d+, the file at \d+/,
  ],
]

test.each(malformed)('%s', async (_, source, message) => {
  const error = await openSafetensors(source).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FormatError)
  expect((error as FormatError).message).toMatch(message)
  expect((error as FormatError).file).toBe('test.safetensors')
})

test('a long or hostile name cannot flood or forge the message', async () => {
  const name = `\u001b[2J\n${'x'.repeat(100_000)}`
  const error = await openSafetensors(fileWith({ [name]: null })).catch((thrown: unknown) => thrown)
  expect((error as Error).message.length).toBeLessThan(400)
  expect((error as Error).message).not.toMatch(/\p{Cc}/u)
})

test('a lower limit for the header can be set', async () => {
  const source = fileWith({ a: u8(0, 1) }, 1)
  await expect(openSafetensors(source, { maxHeaderBytes: 10 })).rejects.toThrow('the limit is 10')
  await expect(openSafetensors(source, { maxHeaderBytes: 100 })).resolves.toBeDefined()
})

test('well-formed oddities are accepted', async () => {
  const padded = await openSafetensors(
    fileWith('{ "a" : {"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":{}} }   ', 1),
  )
  expect(padded.names).toEqual(['a'])
  const emptyBetween = { a: u8(0, 1), z: u8(1, 1, [0]), b: u8(1, 2) }
  expect((await openSafetensors(fileWith(emptyBetween, 2))).names).toEqual(['a', 'z', 'b'])
  expect((await openSafetensors(fileWith({ __metadata__: null }))).names).toEqual([])
  expect((await openSafetensors(fileWith({ '': u8(0, 1) }, 1))).names).toEqual([''])
})
