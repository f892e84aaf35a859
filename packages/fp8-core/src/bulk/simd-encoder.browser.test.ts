/** The SIMD kernels run in a browser, on its main thread, and give the same codes. */
import { expect, test } from 'vitest'
import { formats } from '../formats/formats.ts'
import { encoder } from '../scalar/encode.ts'
import { encodeArray } from './arrays.ts'
import { simdEncoder } from './simd-encoder.ts'

const halves = new Float32Array(
  Uint32Array.from({ length: 2 ** 17 }, (_, i) => ((i >>> 1) << 16) | (i & 1)).buffer,
)

test.each(['e4m3', 'e5m2', 'e4m3fnuz', 'e5m2fnuz', 'e3m4'] as const)('%s', (name) => {
  expect(simdEncoder(formats[name], {})).toBeDefined()
  const one = encoder(formats[name])
  const codes = encodeArray(halves, name)
  const wrong = halves.filter((x, i) => codes[i] !== one(x))
  expect([...wrong.subarray(0, 5)]).toEqual([])
})
