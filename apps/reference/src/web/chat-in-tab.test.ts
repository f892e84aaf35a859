/** The built page on a plain static host, below a path, with the real model in the tab. */
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { octoTiny } from '@octoscale/octo-tiny'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildWeb } from '../web-build.ts'
import { answers, ask, conversation, messageField, send, turn, twice } from './testing/chat-actions.ts'
import { type RunningServer, serveFolder } from './testing/static-server.ts'
import { useBrowser } from './testing/use-browser.ts'
import type { WatchedPage } from './testing/watched-page.ts'

const openPage = useBrowser()
let server: RunningServer
let slowServer: RunningServer
beforeAll(async () => {
  const base = '/some/where/'
  const folder = await buildWeb()
  server = await serveFolder(folder, { base })
  // Slow enough to see the progress: 13 MB in about a second.
  slowServer = await serveFolder(folder, { base, bytesPerSecond: 12e6 })
})
afterAll(async () => {
  await server.close()
  await slowServer.close()
})

/** A plain host answers 404 where a model server would list its models, and the browser tells of it. */
const plainHost = /404 .*\/v1\/models$/

const open = ({ host = server, expected = plainHost, goThere = true } = {}): Promise<WatchedPage> =>
  openPage(host.address, { expected, goThere })

describe('the model in the tab', () => {
  test('loads with progress in bytes, answers, and the conversation survives a reload', async () => {
    const { page } = await open({ host: slowServer })
    const total = (statSync(octoTiny.files['model.safetensors'] as URL).size / 1e6).toFixed(1)
    await page.getByText(new RegExp(`^Downloading [\\d.]+ of ${total} MB$`)).waitFor()
    const answer = await ask(page, 'What is the largest E4M3 value?')
    expect(answer).toContain('448')
    expect(answer).toMatch(/first token [\d.]+ m?s\s+\d+ in, \d+ out/)
    expect(await page.getByText(/^Ready · \w+ · [\d.]+ M parameters$/).innerText()).toBeTruthy()
    expect(await page.getByRole('meter').getAttribute('aria-label')).toMatch(
      /^Context: [1-9]\d* of 2048 tokens$/,
    )
    await page.reload()
    expect(await conversation(page).innerText()).toContain('448')
    // The restored conversation goes on.
    expect(await ask(page, 'What is 12 + 34?')).toContain('46')
  })

  test('thinks, and closes the thought when it has answered', async () => {
    const { page } = await open()
    await turn(page, 'Thinking', true)
    const answer = await ask(page, 'What is 2718 + 3141?')
    expect(answer).toContain('5859')
    const head = page.getByRole('button', { name: /^Thought for [\d.]+ m?s$/ })
    expect(await head.getAttribute('aria-expanded')).toBe('false')
    await head.click()
    expect(await answers(page).innerText()).toContain('carry')
  })

  test('calls a tool, which runs in the page', async () => {
    const { page } = await open()
    await turn(page, 'Tools', true)
    const answer = await ask(page, 'What is 0.3 in e4m3?')
    expect(answer).toMatch(
      /convert_format\s+Done[\s\S]*value\s+0\.3\s+format\s+"e4m3"\s+Result\s+{"value":0\.3125}/,
    )
    expect(answer).toMatch(/0\.3125\.?\s+octo-tiny/)
  })

  test('Esc stops the decode, and the model is free for the next question', async () => {
    const { page } = await open()
    // The slow backend leaves time for it.
    await page.getByLabel('Backend').selectOption('reference')
    await turn(page, 'Thinking', true)
    await send(page, 'What is 2718 + 3141?')
    await answers(page).locator('.thinking-text').getByText(/\w/).waitFor()
    await page.keyboard.press('Escape')
    await answers(page).getByText('Stopped.').waitFor()
    const [before, after] = await twice(answers(page), 400)
    expect(after).toBe(before)
    expect(before).not.toContain('5859')
    await page.getByLabel('Backend').selectOption('wasm')
    expect(await ask(page, 'What is 12 + 34?')).toContain('46')
  })

  test('a load can be cancelled, and done after all', async () => {
    const { page } = await open({ goThere: false })
    let held = true
    await page.context().route('**/*.safetensors', (route) => (held ? undefined : route.continue()))
    await page.goto(server.address)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Not loaded').waitFor()
    held = false
    await page.getByRole('button', { name: 'Load', exact: true }).click()
    await page.getByText(/^Ready/).waitFor()
  })

  test('a model that does not come is an error with a way on', async () => {
    const { page } = await open({ expected: /404 .*\/v1\/models$|ERR_FAILED .*safetensors$/, goThere: false })
    let broken = true
    // The context's: a worker's requests are not the page's.
    await page.context().route('**/*.safetensors', (route) => (broken ? route.abort() : route.continue()))
    await page.goto(server.address)
    await page.getByText(/cannot download .*safetensors/).waitFor()
    broken = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/^Ready/).waitFor()
  })

  test('edit, answer again, new chat, undo, export, copy', async () => {
    const { page, context } = await open()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await ask(page, 'What is 12 + 34?')
    const edit = page.getByRole('button', { name: 'Edit question' })
    await edit.click()
    const field = page.getByRole('textbox', { name: 'Edit question' })
    // As wide as the column, whatever the question's length; and the focus comes back.
    expect((await field.boundingBox())?.width).toBeGreaterThan(600)
    await field.press('Escape')
    await field.waitFor({ state: 'detached' })
    await vi.waitFor(async () =>
      expect(await edit.evaluate((one) => one === document.activeElement)).toBe(true),
    )
    await edit.click()
    await field.fill('What is 20 + 30?')
    await field.press('Enter')
    await conversation(page)
      .getByText(/20 ?\+ ?30 ?= ?50/)
      .waitFor()
    expect(await conversation(page).innerText()).not.toContain('12 + 34')
    await page.getByRole('button', { name: 'Answer again' }).click()
    await page.getByRole('button', { name: 'Copy answer' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('50')

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as JSON' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^octoscale-chat-\d{4}-\d\d-\d\d\.json$/)
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({
      format: 'octoscale-conversation',
      version: 1,
      messages: [{ role: 'user', content: 'What is 20 + 30?' }, { role: 'assistant' }],
    })

    await page.getByRole('button', { name: 'New chat' }).click()
    await page.getByRole('heading', { name: 'A language model, in FP8' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await conversation(page).innerText()).toContain('50')
  })

  test('keys: Shift+Enter is a new line, and an input method keeps its Enter', async () => {
    const { page } = await open()
    const field = messageField(page)
    await field.pressSequentially('one')
    await field.press('Shift+Enter')
    await field.pressSequentially('two')
    expect(await field.inputValue()).toBe('one\ntwo')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    expect(await answers(page).count()).toBe(0)
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
  })
})
