/**
 * Files that break one rule each: a `FormatError` with the facts, after few bytes were read.
 *
 * Mutations seen red: counts not compared with the room, alignments of 48, keys twice, deep nesting, no budget of arrays, overlaps
 * and misaligned offsets accepted, products of sizes and ends of tensors not checked, five dimensions, strings valid only
 * together.
 */
import { expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { type ByteSource, bytesSource } from '../files/byte-source.ts'
import { openGguf } from './open-gguf.ts'
import { fileOf, golden, info, join, type Layout, type Part, str, u32 } from './test-files.ts'

const HUGE = 2n ** 60n
const F32 = 0

const pair = (key: string, type: number, ...value: readonly Part[]): Part => [str(key), u32(type), ...value]
const array = (type: number, count: bigint, ...elements: readonly Part[]): Part =>
  pair('a', 9, u32(type), count, ...elements)
const nested = (depth: number): Part => (depth === 0 ? [u32(4), 0n] : [u32(9), 1n, nested(depth - 1)])
const header = (...counts: readonly bigint[]) => join('GGUF', u32(3), ...counts)
const tensors = (...infos: readonly Part[]): Layout => ({ tensors: infos, data: 128 })
const alignment = (value: number, more: Layout = {}): Layout => ({
  ...more,
  pairs: [pair('general.alignment', 4, u32(value))],
})

const malformed: readonly [string, Uint8Array | Layout, RegExp][] = [
  ['an empty file', new Uint8Array(), /the magic GGUF: 4 bytes from byte 0 on, the file ends at byte 0/],
  ['two bytes', join('GG'), /the file ends at byte 2: truncated/],
  ['another magic', join('GGML', u32(3)), /is no GGUF file: it begins with "GGML"/],
  ['no version', join('GGUF', 3), /the version: 4 bytes from byte 4 on/],
  ['version 0', join('GGUF', u32(0), 0n, 0n), /version 0/],
  ['version 1', fileOf({ version: 1 }), /has version 1; readable are 2 and 3/],
  ['version 4', fileOf({ version: 4 }), /has version 4; readable are 2 and 3/],
  ['big-endian version 3', fileOf({ version: 0x03000000 }), /is big-endian \(version 3\); convert it/],
  ['a version of noise', fileOf({ version: 0x12345678 }), /has version 305419896/],
  ['no counts', header(), /tensors: 8 bytes from byte 8 on, the file ends at byte 8/],
  [
    '2^60 tensors',
    header(HUGE, 0n),
    /tensors: 1152921504606846976 claimed, at least 27670116110564327424 bytes/,
  ],
  ['2^64 - 1 tensors', header(2n ** 64n - 1n, 0n), /tensors: 18446744073709551615 claimed/],
  ['2^60 pairs', header(0n, HUGE), /pairs of metadata: 1152921504606846976 claimed/],
  [
    'more pairs than fit',
    join(header(0n, 8n), new Uint8Array(100)),
    /pairs of metadata: 8 claimed, at least 104 bytes from byte 24 on, the file ends at byte 124/,
  ],
  [
    'a key of 2^60 bytes',
    { pairs: [[HUGE, 'abcdefgh']] },
    /key 0 of the metadata: 1152921504606846976 claimed/,
  ],
  [
    'a key that is not UTF-8',
    { pairs: [pair('\xff', 0, 1)] },
    /key 0 of the metadata, 1 bytes at 32, is not valid UTF-8/,
  ],
  ['a key with a lone surrogate', { pairs: [pair('\xed\xa0\x80', 0, 1)] }, /is not valid UTF-8/],
  [
    'a key twice',
    { pairs: [pair('a', 0, 1), pair('b', 0, 1), pair('a', 0, 1)] },
    /the metadata has the key "a" twice/,
  ],
  [
    'value type 13',
    { pairs: [pair('a', 13, 0n)] },
    /metadata "a" has the unknown value type 13; known are 0 to 12/,
  ],
  ['value type 2^32 - 1', { pairs: [pair('a', 2 ** 32 - 1, 0n)] }, /unknown value type 4294967295/],
  ['a boolean of 2', { pairs: [pair('a', 7, 2)] }, /metadata "a" is a boolean of value 2, must be 0 or 1/],
  ['a string of 2^60 bytes', { pairs: [pair('a', 8, HUGE)] }, /metadata "a": 1152921504606846976 claimed/],
  [
    'a string that is not UTF-8',
    { pairs: [pair('a', 8, str('a\xc3'))] },
    /metadata "a", 2 bytes at 45, is not valid UTF-8/,
  ],
  [
    'an array of 2^60 strings',
    { pairs: [array(8, HUGE)] },
    /strings of metadata "a": 1152921504606846976 claimed, at least 9223372036854775808/,
  ],
  [
    'an array of 2^60 bytes',
    { pairs: [array(0, HUGE)] },
    /elements of metadata "a": 1152921504606846976 claimed/,
  ],
  [
    'an array of 2^61 u64',
    { pairs: [array(10, 2n ** 61n)] },
    /elements of metadata "a": 2305843009213693952 claimed, at least 18446744073709551616 bytes/,
  ],
  [
    'an array of 2^60 booleans',
    { pairs: [array(7, HUGE)] },
    /elements of metadata "a": 1152921504606846976 claimed/,
  ],
  [
    'an array of 2^60 arrays',
    { pairs: [array(9, HUGE)] },
    /arrays in metadata "a": 1152921504606846976 claimed/,
  ],
  [
    'a boolean of 255 in an array',
    { pairs: [array(7, 2n, 1, 255)] },
    /metadata "a" is a boolean of value 255/,
  ],
  [
    'a string in an array that is not UTF-8',
    { pairs: [array(8, 2n, str('a'), str('\xff'))] },
    /a string of metadata "a", 1 bytes at .*UTF-8/,
  ],
  [
    'strings in an array that are UTF-8 only together',
    { pairs: [array(8, 3n, str('a'), str('b\xc3'), str('\xb6c'))] },
    /a string of metadata "a", 2 bytes at 66, is not valid UTF-8/,
  ],
  ['an array of an unknown type', { pairs: [array(13, 0n)] }, /metadata "a" has the unknown element type 13/],
  ['arrays nested deeply', { pairs: [pair('a', 9, nested(4))] }, /metadata "a" nests arrays deeper than 4/],
  [
    'arrays nested without end',
    { pairs: [pair('a', 9, nested(2000))] },
    /metadata "a" nests arrays deeper than 4/,
  ],
  [
    'too many arrays',
    { pairs: [array(9, 1_000_001n, new Uint8Array(12_000_012))] },
    /metadata "a": more than 1000000 arrays and booleans in arrays/,
  ],
  [
    'too many booleans, together with arrays',
    {
      pairs: [
        array(7, 600_000n, new Uint8Array(600_000)),
        pair('b', 9, u32(7), 400_001n, new Uint8Array(400_001)),
      ],
    },
    /metadata "b": more than 1000000 arrays and booleans/,
  ],
  ['an alignment of 0', alignment(0), /general.alignment must be a power of two, got 0/],
  ['an alignment of 48', alignment(48), /must be a power of two, got 48/],
  ['an alignment of 2^32 - 1', alignment(2 ** 32 - 1), /must be a power of two, got 4294967295/],
  [
    'an alignment of type u64',
    { pairs: [pair('general.alignment', 10, 32n)] },
    /"general.alignment" must be of type 4 \(u32\), got type 10/,
  ],
  [
    'an alignment of 2^31',
    alignment(2 ** 31, tensors(info('t', [1n], F32, 0n))),
    /tensor "t": lies at bytes 2147483648 .. 2147483652, the file ends at/,
  ],
  [
    'a tensor twice',
    tensors(info('t', [1n], F32, 0n), info('t', [1n], F32, 32n)),
    /tensor "t": is there twice/,
  ],
  [
    'a name that is not UTF-8',
    tensors(info('\xff', [1n], F32, 0n)),
    /the name of tensor 0, 1 bytes at 32, is not valid UTF-8/,
  ],
  [
    'five dimensions',
    tensors(info('t', [1n, 1n, 1n, 1n, 1n], F32, 0n)),
    /tensor "t": has 5 dimensions, the format allows 4/,
  ],
  ['2^32 - 1 dimensions', tensors([str('t'), u32(2 ** 32 - 1), 0n, 0n, 0n]), /has 4294967295 dimensions/],
  [
    'a size of 2^63',
    tensors(info('t', [2n ** 63n], F32, 0n)),
    /has the shape \[9223372036854775808\]: more than 2\^53 elements/,
  ],
  ['a size of 2^63 beside one of 0', tensors(info('t', [0n, 2n ** 63n], F32, 0n)), /more than 2\^53/],
  [
    'sizes that overflow to 0',
    tensors(info('t', [2n ** 32n, 2n ** 32n], F32, 0n)),
    /\[4294967296,4294967296\]: more than 2\^53/,
  ],
  [
    'bytes that overflow',
    tensors(info('t', [2n ** 51n], F32, 0n)),
    /F32 \[2251799813685248\] takes more than 2\^53 bytes/,
  ],
  [
    'rows that are not whole blocks',
    tensors(info('t', [33n, 32n], 2, 0n)),
    /Q4_0 \[32, 33\]: rows of 33 are not whole blocks of 32/,
  ],
  ['a scalar of blocks', tensors(info('t', [], 2, 0n)), /Q4_0 \[\]: rows of 1 are not whole blocks/],
  [
    'an offset of 2^64 - 32',
    tensors(info('t', [1n], F32, 2n ** 64n - 32n)),
    /tensor "t": begins at 18446744073709551584/,
  ],
  [
    'an offset beyond the file',
    tensors(info('t', [1n], F32, 2n ** 40n)),
    /tensor "t": lies at bytes 10995116278\d\d .. 10995116278\d\d, the file ends at/,
  ],
  ['an unknown type beyond the file', tensors(info('t', [1n], 99, 2n ** 40n)), /tensor "t": lies at bytes/],
  [
    'a misaligned offset',
    tensors(info('t', [1n], F32, 16n)),
    /tensor "t": begins at 16 of the data, no multiple of 32/,
  ],
  [
    'a tensor that is too long',
    tensors(info('t', [33n], F32, 0n)),
    /tensor "t": lies at bytes 64 .. 196, the file ends at 192: truncated/,
  ],
  [
    'tensors that overlap',
    tensors(info('a', [9n], F32, 0n), info('b', [1n], F32, 32n)),
    /tensor "b": overlaps the tensor before it: it begins at byte 128, that one ends at 132/,
  ],
  [
    'tensors that overlap, in another order',
    tensors(info('a', [1n], F32, 64n), info('b', [24n], F32, 0n)),
    /tensor "a": overlaps the tensor before it/,
  ],
  [
    'tensors that overlap, with an empty one between',
    tensors(info('a', [24n], F32, 0n), info('b', [0n], F32, 32n), info('c', [1n], F32, 64n)),
    /tensor "c": overlaps the tensor before it/,
  ],
  [
    'two tensors at one place',
    tensors(info('a', [1n], F32, 0n), info('b', [1n], F32, 0n)),
    /tensor "b": overlaps/,
  ],
  [
    'an unknown type inside a tensor',
    tensors(info('a', [24n], F32, 0n), info('b', [1n], 99, 32n)),
    /tensor "b": overlaps/,
  ],
]

test.each(malformed)('%s', async (_name, file, problem) => {
  const bytes = file instanceof Uint8Array ? file : fileOf(file)
  const refused = expect(openGguf(bytesSource('test.gguf', bytes))).rejects
  await refused.toThrow(FormatError)
  await refused.toThrow(problem)
  await refused.toMatchObject({ file: 'test.gguf', message: expect.stringMatching(/^test\.gguf: /) })
})

test('a tensor is a fact of the error', async () => {
  const file = bytesSource('test.gguf', fileOf(tensors(info('t"\n', [33n], 2, 0n))))
  await expect(openGguf(file)).rejects.toMatchObject({ tensor: '"t\\"\\n"' })
})

test.each(['metadata.gguf', 'tensors.gguf'])('%s cut anywhere is refused', async (name) => {
  const whole = golden(name)
  const { tensors } = await openGguf(whole)
  const dataEnd = Math.max(...[...tensors.values()].map(({ offset, bytes }) => offset + bytes))
  const dataStart = Math.min(...[...tensors.values()].map(({ offset }) => offset))
  for (let length = 0; length < dataEnd; length += length < dataStart ? 1 : 997) {
    await expect(openGguf(whole.subarray(0, length)), `${length} bytes`).rejects.toThrow(FormatError)
  }
  // The padding of the last tensor may be missing.
  await openGguf(whole.subarray(0, dataEnd))
})

/** A file of 2^50 bytes that is zero after its first bytes; counts what is read. */
function endless(start: Uint8Array): ByteSource & { bytesRead: number } {
  return {
    name: 'endless.gguf',
    bytesRead: 0,
    size: async () => 2 ** 50,
    async read(offset, length) {
      this.bytesRead += length
      const bytes = new Uint8Array(length)
      if (offset < start.length) bytes.set(start.subarray(offset, offset + length))
      return bytes
    },
  }
}

test.each<[string, Uint8Array, RegExp]>([
  ['2^44 pairs', header(0n, 2n ** 44n), /maxHeaderBytes is 67108864/],
  ['2^44 tensors', header(2n ** 44n, 0n), /maxHeaderBytes is 67108864/],
  [
    '2^44 strings',
    fileOf({ pairs: [array(8, 2n ** 44n)] }),
    /strings of metadata "a": 17592186044416 claimed/,
  ],
  ['a string of 2^44 bytes', fileOf({ pairs: [pair('a', 8, 2n ** 44n)] }), /maxHeaderBytes is 67108864/],
  ['100,000 pairs of zeros', header(0n, 100_000n), /the metadata has the key "" twice/],
  ['100,001 pairs', header(0n, 100_001n), /pairs of metadata: 100001 claimed, at most 100000 are read/],
  ['1,000,000 tensors of zeros', header(1_000_000n, 0n), /tensor "": is there twice/],
  ['1,000,001 tensors', header(1_000_001n, 0n), /tensors: 1000001 claimed, at most 1000000 are read/],
])('a file of 2^50 bytes that claims %s is refused after 64 KiB', async (_name, start, problem) => {
  const source = endless(start)
  await expect(openGguf(source)).rejects.toThrow(problem)
  expect(source.bytesRead).toBeLessThanOrEqual(65_536)
})

test('a header may be longer or shorter by option', async () => {
  const start = fileOf({ pairs: [pair('a', 8, 3_000_000n)] })
  const accepted = await openGguf(endless(start), { maxHeaderBytes: 3_000_100 })
  expect(accepted.metadata.get('a')).toBe('\0'.repeat(3_000_000))
  const source = endless(start)
  await expect(openGguf(source, { maxHeaderBytes: 2_999_999 })).rejects.toThrow(/maxHeaderBytes is 2999999/)
  expect(source.bytesRead).toBe(65_536)
})
