import { expect, test } from 'vitest'
import { checked } from './checks/checked.ts'
import { fakeBackend } from './checks/fake-backend.ts'
import { ArgumentError, OutOfMemoryError, ShapeError } from './errors.ts'
import { createWorkspace, type WorkspacePlan, workspaceBytes } from './workspace.ts'

const plan = {
  hidden: { dtype: 'f32', shape: [8, 16] },
  ids: { dtype: 'i32', shape: [8] },
} as const satisfies WorkspacePlan

test('all buffers are made at once, and taking views makes none', () => {
  const { backend, calls } = fakeBackend()
  const workspace = createWorkspace(backend, plan)
  expect(calls).toEqual(['alloc 512', 'alloc 32'])
  expect(workspace.bytes).toBe(544)
  expect(workspaceBytes(plan)).toBe(544)
  for (let i = 0; i < 100; i++) {
    expect(workspace.take('hidden').shape).toEqual([8, 16])
    expect(workspace.take('hidden', 3)).toMatchObject({ shape: [3, 16], offset: 0, dtype: 'f32' })
    expect(workspace.as('hidden', [3, 4, 4])).toMatchObject({ shape: [3, 4, 4], offset: 0 })
    expect(workspace.take('ids', 1).buffer).toBe(workspace.take('ids').buffer)
  }
  expect(calls).toHaveLength(2)
})

test('more than there is', () => {
  const workspace = createWorkspace(fakeBackend().backend, plan)
  expect(() => workspace.take('hidden', 9)).toThrow(ArgumentError)
  expect(() => workspace.take('hidden', -1)).toThrow(ArgumentError)
  expect(workspace.take('hidden', 0).shape).toEqual([0, 16])
  expect(() => workspace.as('hidden', [129])).toThrow(
    'hidden must have shape of at most 128 elements, got [129]',
  )
  expect(() => workspace.as('hidden', [-1, -1])).toThrow(ShapeError)
  expect(() => workspace.take('other' as 'ids')).toThrow('name must be one of hidden, ids, got other')
})

test('free gives all back, once', () => {
  const { backend, calls } = fakeBackend()
  const workspace = createWorkspace(checked(backend), plan)
  workspace.free()
  workspace.free()
  expect(calls.slice(2)).toEqual(['free hidden', 'free ids'])
  expect(() => workspace.take('ids')).toThrow('the workspace is freed')
})

test('when a buffer does not fit, the earlier ones are given back', () => {
  const { backend, calls } = fakeBackend()
  const small = {
    ...backend,
    alloc(bytes: number, label: string) {
      if (label === 'ids') throw new OutOfMemoryError({ label, bytes, detail: 'test' })
      return backend.alloc(bytes, label)
    },
  }
  expect(() => createWorkspace(small, plan)).toThrow(OutOfMemoryError)
  expect(calls).toEqual(['alloc 512', 'free hidden'])
})
