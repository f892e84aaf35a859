/**
 * Memory with 64-bit addresses: everything that operations read and write lies above 4 GiB, behind a buffer that nobody
 * touches and that therefore costs nothing.
 *
 * Mutations seen red: new memory filled with zeros; the limit of 4 GiB for both kinds; `memoryBytes` ignored, not checked, or
 * always taken for much; addresses cut to 32 bits; an entry of a list of addresses cut to 32 bits (one policy, experts); the
 * runtime's own error instead of `DeviceError`. With the upper words of fields never written the test does not end.
 */
import { ArgumentError, type Backend, DeviceError, OutOfMemoryError } from '@octoscale/tensor'
import { conformanceCases, describeBackend, runCase } from '@octoscale/tensor/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createReferenceBackend } from '../reference/backend.ts'
import { createWasmBackend } from './index.ts'
import { start, type WasmOptions } from './start.ts'

const GIB = 2 ** 30
const LARGE = 5 * GIB

afterEach(() => vi.unstubAllGlobals())

async function reasonToSkip(): Promise<string | undefined> {
  try {
    const backend = await createWasmBackend({ memoryBytes: LARGE, threads: 1 })
    backend.dispose()
    return undefined
  } catch (problem) {
    return problem instanceof DeviceError ? problem.message : undefined
  }
}

const reason = await reasonToSkip()

/**
 * Bytes that a buffer of 512 MiB takes which nobody touches. Looked at before any larger one is made: were it all of them,
 * the tests below would take the machine's memory instead of failing.
 */
async function untouchedBytes(): Promise<number> {
  if (typeof process === 'undefined') return 0
  const backend = await createWasmBackend({ threads: 1 })
  const before = process.memoryUsage().rss
  backend.alloc(GIB / 2, 'untouched')
  const bytes = process.memoryUsage().rss - before
  backend.dispose()
  return bytes
}

expect(await untouchedBytes()).toBeLessThan(GIB / 4)

/** A backend whose next buffers are above 4 GiB. */
async function above(options: WasmOptions): Promise<Backend> {
  const backend = await createWasmBackend({ ...options, memoryBytes: LARGE })
  backend.alloc(LARGE, 'below')
  return backend
}

for (const { policy, threads } of [
  { policy: 'exact', threads: 1 },
  { policy: 'fp8', threads: 2 },
  { policy: 'int8', threads: 2 },
] as const) {
  const name = `wasm, 64-bit addresses, ${policy}, ${threads} threads`
  if (reason !== undefined) test.skip(`${name} (${reason})`)
  else describeBackend({ name, create: () => above({ policy, threads }), reference: createReferenceBackend })
}

describe.skipIf(reason !== undefined)(`64-bit addresses${reason === undefined ? '' : ` (${reason})`}`, () => {
  test.each(['exact', 'int8'] as const)('%s: the bits of 32-bit addresses, in every case', async (policy) => {
    const narrow = await createWasmBackend({ policy, threads: 1 })
    const wide = await above({ policy, threads: 1 })
    for (const each of conformanceCases) {
      const { comparisons } = await runCase(each, narrow, wide)
      for (const [output, { error }] of comparisons)
        expect([each.name, output, error]).toEqual([each.name, output, 0])
    }
    narrow.dispose()
    wide.dispose()
  })

  test('buffers lie above 4 GiB, and keep what is written across the limit of 32 bits', async () => {
    const { runtime, end } = await start({ threads: 1, memoryBytes: LARGE })
    const { heap } = runtime
    const below = heap.alloc(4 * GIB, 'across')
    const far = heap.alloc(16, 'far')
    const first = heap.addressOf('test', below)
    expect(heap.addressOf('test', far)).toBeGreaterThan(2 ** 32)
    const data = Uint8Array.of(1, 2, 3, 4)
    const last = first + 4 * GIB - 4
    expect(last).toBeGreaterThan(2 ** 32)
    runtime.recorder.write(last, data)
    expect([...(await runtime.recorder.read(last, 4))]).toEqual([...data])
    expect([...(await runtime.recorder.read(last - 2 ** 32, 4))]).toEqual([0, 0, 0, 0])
    end()
  })

  test('what nobody touches takes no memory', async (context) => {
    if (typeof process === 'undefined') return context.skip('a page cannot say how much memory it has')
    const before = process.memoryUsage().rss
    const backend = await createWasmBackend({ memoryBytes: 12 * GIB, threads: 1 })
    const buffer = backend.alloc(12 * GIB, 'untouched')
    backend.write(buffer, Uint8Array.of(7), 12 * GIB - 1)
    expect([...(await backend.read(buffer, 12 * GIB - 2, 2))]).toEqual([0, 7])
    expect(process.memoryUsage().rss - before).toBeLessThan(0.25 * GIB)
    backend.dispose()
  })

  test('more than 16 GiB is an OutOfMemoryError that names the limit', async () => {
    const backend = await createWasmBackend({ memoryBytes: LARGE, threads: 1 })
    backend.alloc(9 * GIB, 'first')
    expect(() => backend.alloc(8 * GIB, 'second')).toThrow(OutOfMemoryError)
    expect(() => backend.alloc(8 * GIB, 'second')).toThrow(/at most 16 GiB/)
    backend.dispose()
  })

  test('info says which addresses there are', async () => {
    for (const threads of [1, 2]) {
      const backend = await createWasmBackend({ memoryBytes: LARGE, threads })
      expect(backend.info.detail).toMatch(/; 64-bit memory up to 16 GiB; /)
      backend.dispose()
    }
  })
})

test('little memory has 32-bit addresses, and its limit names the way to more', async () => {
  const backend = await createWasmBackend({ memoryBytes: 3 * GIB, threads: 1 })
  expect(backend.info.detail).toMatch(/; memory up to 4 GiB; /)
  expect(() => backend.alloc(LARGE, 'large')).toThrow(/at most 4 GiB.*memoryBytes.*16 GiB/)
  backend.dispose()
})

test.each([-1, Number.NaN, 16 * GIB + 1, Infinity])('memoryBytes %d is refused', async (memoryBytes) => {
  await expect(createWasmBackend({ memoryBytes })).rejects.toThrow(ArgumentError)
})

const unknown = /this runtime has no WebAssembly memory of more than 4 GiB/
test.each([
  [1, TypeError, unknown],
  [2, TypeError, unknown],
  [2, RangeError, /16 GiB of addresses.*ulimit/],
])('%i threads, no such memory (%o): a DeviceError that says so', async (threads, Problem, text) => {
  const Memory = WebAssembly.Memory
  class Narrow {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      // Where `address` is not known, a bigint is no number of pages; where it is, there may be no room.
      if (typeof descriptor.initial === 'bigint') throw new Problem('of the runtime')
      // biome-ignore lint/correctness/noConstructorReturn: stands in for the platform's class
      return new Memory(descriptor)
    }
  }
  vi.stubGlobal('WebAssembly', { ...webAssembly(), Memory: Narrow })
  const made = createWasmBackend({ memoryBytes: LARGE, threads })
  await expect(made).rejects.toThrow(DeviceError)
  await expect(made).rejects.toThrow(text)
  const backend = await createWasmBackend({ threads: 1 })
  backend.dispose()
})

/** Its members as properties that a copy has. */
function webAssembly(): Record<string, unknown> {
  return Object.fromEntries(
    Object.getOwnPropertyNames(WebAssembly).map((name) => [name, Reflect.get(WebAssembly, name)]),
  )
}
