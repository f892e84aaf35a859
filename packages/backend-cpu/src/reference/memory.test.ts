import { IndexError, OutOfMemoryError } from '@octoscale/tensor'
import { expect, test } from 'vitest'
import { createReferenceBackend } from './backend.ts'
import { ReferenceMemory } from './memory.ts'

test('a buffer that no engine has room for', () => {
  const backend = createReferenceBackend()
  expect(() => backend.alloc(2 ** 52, 'cache')).toThrow(OutOfMemoryError)
  expect(() => backend.alloc(2 ** 52, 'cache')).toThrow(`cannot allocate ${2 ** 52} bytes for cache`)
  backend.dispose()
})

test('free and dispose let go of the bytes while the handles live', () => {
  const memory = new ReferenceMemory()
  const [freed, kept] = [memory.alloc(8, 'freed'), memory.alloc(8, 'kept')]
  const whole = (buffer: typeof freed) => memory.f32({ buffer, dtype: 'f32', shape: [2], offset: 0 })
  expect(whole(freed)).toHaveLength(2)
  memory.free(freed)
  expect(() => whole(freed)).toThrow(RangeError)
  expect(whole(kept)).toHaveLength(2)
  memory.dispose()
  expect(() => whole(kept)).toThrow(RangeError)
})

test('indices are all checked before any is used', () => {
  const memory = new ReferenceMemory()
  const ids = { buffer: memory.alloc(8, 'ids'), dtype: 'i32', shape: [2], offset: 0 } as const
  memory.write(ids.buffer, new Uint8Array(Int32Array.of(3, 4).buffer))
  expect([...memory.indices('embed', 'ids', ids, 5)]).toEqual([3, 4])
  expect(() => memory.indices('embed', 'ids', ids, 4)).toThrow(IndexError)
  expect(() => memory.indices('embed', 'ids', ids, 4)).toThrow('embed: ids holds 4, must be in 0 .. 3')
})
