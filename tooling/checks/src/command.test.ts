import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBrowser } from './browser.ts'
import { run } from './command.ts'

test('a program is Node 24 of this repository, with its output and input', async () => {
  const { ok, output } = await run('node', ['-p', 'process.version'])
  expect(ok).toBe(true)
  expect(output).toMatch(/^v24\./)
  expect(await run('node', ['-'], { input: 'console.log(6 * 7); console.error("and")' })).toEqual({
    ok: true,
    output: expect.stringContaining('42'),
  })
})

test('a program that fails, is missing or takes too long is an outcome, not an exception', async () => {
  expect(await run('node', ['-e', 'console.log("why"); process.exit(3)'])).toEqual({
    ok: false,
    output: 'why',
  })
  expect(await run('no-such-program', [])).toMatchObject({
    ok: false,
    output: expect.stringContaining('ENOENT'),
  })
  const late = await run('node', ['-e', 'setInterval(() => {}, 1000)'], { seconds: 0.5 })
  expect(late).toMatchObject({ ok: false, output: expect.stringContaining('limit 0.5 s') })
})

test('CHROMIUM_PATH decides; otherwise the path is searched', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octoscale-browser-'))
  try {
    const chosen = join(folder, 'my-browser')
    expect(findBrowser({ CHROMIUM_PATH: chosen })).toBeUndefined()
    writeFileSync(chosen, '')
    expect(findBrowser({ CHROMIUM_PATH: chosen })).toBe(chosen)
    const onPath = join(folder, 'chromium')
    writeFileSync(onPath, '')
    expect([onPath, findBrowser({})]).toContain(findBrowser({ PATH: folder, CHROMIUM_PATH: '' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
