import { formats } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { formatsOf, groups, p3109Named } from './format-groups.ts'

test('every format of the table is in one group', () => {
  const grouped = groups.flatMap(formatsOf)
  expect(new Set(grouped)).toEqual(new Set(Object.values(formats)))
  expect(grouped.length).toBe(Object.keys(formats).length)
})

test('P3109 by name, and nothing else', () => {
  expect(p3109Named(' P3109_K8P4SE ')).toMatchObject({ name: 'p3109_k8p4se', max: 224 })
  for (const text of ['', 'e4m3', 'p3109', 'p3109_k8p9se', 'p3109_k99p1se', 'p3109_k8p4xx']) {
    expect(p3109Named(text)).toBe(undefined)
  }
})
