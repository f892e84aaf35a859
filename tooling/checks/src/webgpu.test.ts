import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hasDriver, webgpuEnvironment } from './webgpu.ts'

const folder = mkdtempSync(join(tmpdir(), 'octoscale-webgpu-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a driver that somebody chose stays chosen', () => {
  expect(webgpuEnvironment(undefined, { VK_ICD_FILENAMES: 'mine.json' })).toEqual({})
  expect(webgpuEnvironment(undefined, { VK_DRIVER_FILES: 'mine.json' })).toEqual({})
})

test('SwiftShader beside the program that the name of the browser leads to', (context) => {
  if (process.platform !== 'linux') context.skip('only Linux finds drivers through the environment')
  if (hasDriver()) context.skip('this machine has a GPU and its driver')
  mkdirSync(join(folder, 'lib'))
  for (const file of ['chromium', 'vk_swiftshader_icd.json']) writeFileSync(join(folder, 'lib', file), '')
  symlinkSync(join(folder, 'lib/chromium'), join(folder, 'browser'))
  expect(webgpuEnvironment(join(folder, 'browser'), { LD_LIBRARY_PATH: 'before' })).toEqual({
    VK_ICD_FILENAMES: join(folder, 'lib/vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: `${join(folder, 'lib')}:before`,
  })
})
