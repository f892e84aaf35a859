/** What the checks remember between calls: lists of experts, and which buffers live. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Backend } from '../backend.ts'
import type { Expert } from '../ops.ts'
import type { BlockScaled, Tensor } from '../tensor.ts'
import { allocTensor } from '../transfer.ts'
import { rows } from '../views.ts'
import { checked } from './checked.ts'
import { fakeBackend } from './fake-backend.ts'

let backend: Backend
let calls: string[]
beforeEach(() => {
  const fake = fakeBackend()
  backend = checked(fake.backend)
  calls = fake.calls
})

const make = (dtype: 'f32' | 'i32' | 'f8_e4m3' | 'i8', shape: number[]): Tensor =>
  allocTensor(backend, dtype, shape, 'test')
const f32 = (...shape: number[]) => make('f32', shape)
const fp8 = (height: number, width: number): BlockScaled => ({
  codes: make('f8_e4m3', [height, width]),
  scales: f32(1, 1),
  block: [128, 128],
})
const expert = (): Expert => ({ gate: fp8(24, 40), up: fp8(24, 40), down: fp8(40, 24) })
const good = {
  moe: () => ({
    x: f32(3, 40),
    indices: make('i32', [3, 2]),
    weights: f32(3, 2),
    experts: [expert(), expert()],
    out: f32(3, 40),
  }),
  add: () => ({ a: f32(2, 3), b: f32(2, 3), out: f32(2, 3) }),
}

describe('a list of experts is checked once, but', () => {
  test('not when a buffer was freed since', () => {
    const args = good.moe()
    backend.ops.moe(args)
    backend.ops.moe(args)
    backend.free((args.experts[1]!.up as BlockScaled).scales.buffer)
    expect(() => backend.ops.moe(args)).toThrow('experts[1].up.scales must be in a live buffer')
  })

  test('for each backend', () => {
    const args = good.moe()
    backend.ops.moe(args)
    backend = checked(fakeBackend().backend)
    expect(() => backend.ops.moe({ ...good.moe(), experts: args.experts })).toThrow(
      'must be in a live buffer',
    )
  })

  test('every output is compared with it', () => {
    const args = good.moe()
    backend.ops.moe(args)
    const big = f32(4, 40)
    const inside: BlockScaled = { ...fp8(40, 24), scales: { ...big, shape: [1, 1] } }
    const experts = [expert(), { ...expert(), down: inside }]
    backend.ops.moe({ ...args, experts })
    expect(() => backend.ops.moe({ ...args, experts, out: rows(big, 0, 3) })).toThrow(
      'out must be memory that does not overlap experts[1].down',
    )
    backend.ops.moe({ ...args, experts, out: rows(big, 1, 3) })
  })
})

describe('memory', () => {
  test('sizes and ranges', async () => {
    const buffer = backend.alloc(10, 'ten')
    for (const bytes of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => backend.alloc(bytes, 'bad')).toThrow(/alloc: bytes of bad must be an integer >= 0/)
    }
    backend.write(buffer, new Uint8Array(4), 6)
    expect(() => backend.write(buffer, new Uint8Array(5), 6)).toThrow(/inside 0 \.\. 10 bytes, got 6 \.\. 11/)
    expect(() => backend.write(buffer, new Uint8Array(1), -1)).toThrow(/range of ten/)
    expect(await backend.read(buffer, 3)).toHaveLength(7)
    await expect(backend.read(buffer, 11)).rejects.toThrow(/range of ten/)
    await expect(backend.read(buffer, 0, 11)).rejects.toThrow(/got 0 \.\. 11/)
    expect(calls).toEqual(['alloc 10', 'write 4 at 6', 'read 7 at 3'])
  })

  test('a freed buffer', async () => {
    const { a, b, out } = good.add()
    backend.free(a.buffer)
    expect(() => backend.ops.add({ a, b, out })).toThrow('a must be in a live buffer of this backend')
    expect(() => backend.free(a.buffer)).toThrow(/live buffer/)
    expect(() => backend.write(a.buffer, new Uint8Array(1))).toThrow(/live buffer/)
    await expect(backend.read(a.buffer)).rejects.toThrow(/live buffer/)
    expect(calls).not.toContain('add')
  })

  test('a disposed backend', async () => {
    const { a, b, out } = good.add()
    backend.dispose()
    backend.dispose()
    expect(calls.filter((call) => call === 'dispose')).toHaveLength(1)
    expect(() => backend.alloc(1, 'late')).toThrow('alloc: backend must be in use, got one that is disposed')
    expect(() => backend.ops.add({ a, b, out })).toThrow(/disposed/)
    await expect(backend.read(a.buffer)).rejects.toThrow(/disposed/)
  })

  test('a read takes its place at once, not a tick later', () => {
    const buffer = backend.alloc(4, 'order')
    void backend.read(buffer)
    backend.write(buffer, new Uint8Array(4))
    expect(calls).toEqual(['alloc 4', 'read 4 at 0', 'write 4 at 0'])
  })
})
