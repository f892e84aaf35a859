/** Choosing a backend. What the machine has is not ours to say: both outcomes of `auto` are right, if it tells which. */
import { createWasmBackend } from '@octoscale/backend-cpu'
import { expect, test } from 'vitest'
import { backendNames, createBackend } from './backend.ts'
import { DeviceError, OptionError } from './index.ts'

test('auto takes a GPU, or says why not', async () => {
  const { backend, owned, notice } = await createBackend('auto')
  expect(owned).toBe(true)
  if (backend.info.name === 'webgpu') {
    expect(notice).toBeUndefined()
    expect(backend.info.detail).toContain('hardware')
  } else {
    expect(backend.info.name).toBe('wasm')
    expect(notice).toMatch(/^running on wasm, since webgpu: ./)
  }
  backend.dispose()
})

test.each(backendNames)('%s is itself, or a DeviceError that says what is missing', async (name) => {
  try {
    const { backend, notice } = await createBackend(name)
    expect(backend.info.name).toBe(name)
    expect(notice).toBeUndefined()
    backend.dispose()
  } catch (error) {
    expect(name).toBe('webgpu')
    expect(error).toBeInstanceOf(DeviceError)
    expect((error as DeviceError).missing).toMatch(/install|enable|use/)
  }
})

test('a backend of the caller stays the caller’s', async () => {
  const own = await createWasmBackend()
  expect(await createBackend(own)).toEqual({ backend: own, owned: false, notice: undefined })
  own.dispose()
})

test('an unknown name is an OptionError with the names there are', async () => {
  const wrong = createBackend('cuda' as 'wasm')
  await expect(wrong).rejects.toThrow(OptionError)
  await expect(wrong).rejects.toThrow('backend must be one of auto, webgpu, wasm, reference, got "cuda"')
})

test('a policy and threads reach the backend; one that a backend lacks is refused, or passed over by auto', async () => {
  const { backend } = await createBackend('wasm', { policy: 'int8', threads: 1 })
  expect(backend.info).toMatchObject({ name: 'wasm', policy: 'int8' })
  expect(backend.info.detail).toContain('one thread')
  backend.dispose()
  const automatic = await createBackend('auto', { policy: 'fp8' })
  expect(automatic.backend.info).toMatchObject({ name: 'wasm', policy: 'fp8' })
  expect(automatic.notice).toContain('webgpu: the policy fp8')
  automatic.backend.dispose()
  await expect(createBackend('webgpu', { policy: 'int8' })).rejects.toThrow(DeviceError)
})
