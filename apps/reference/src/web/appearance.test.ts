/** What axe finds in each state of the page, in both themes; and that nothing runs out of a narrow screen. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../server/app.ts'
import { type Listening, listen } from '../server/listen.ts'
import { buildWeb } from '../web-build.ts'
import { answeringEngine } from './testing/answering-engine.ts'
import { ask, send, turn } from './testing/chat-actions.ts'
import { useBrowser } from './testing/use-browser.ts'
import { accessibilityProblems } from './testing/watched-page.ts'

const formatted = [
  '# A heading\n\nText with **weight**, *stress*, `code` and a [link](https://example.org).',
  '> a quotation\n\n- one\n- [x] two\n\n1. three',
  '```ts\nconst answer: number = 42 // and a line that is so long that it has to be scrolled sideways in its block\n```',
  '| format | largest | bits |\n|---|---:|---|\n| E4M3 | 448 | 8 |',
].join('\n\n')

const engine = answeringEngine((last) => {
  if (last.role === 'tool') return { text: 'There it is.' }
  if (last.content === 'run') return { call: { name: 'run_javascript', arguments: '{"code":"1+1"}' } }
  if (last.content === 'calculate')
    return { call: { name: 'calculator', arguments: '{"expression":"2^10"}' } }
  if (last.content === 'fail') return { text: 'Half of', error: new RangeError('broken') }
  if (last.content === 'slow') return { text: 'slow '.repeat(200), milliseconds: 50 }
  return { thinking: 'Some thoughts about it.', text: formatted }
})

const openPage = useBrowser()
let server: Listening
beforeAll(async () => {
  server = await listen(createApp({ engine, web: await buildWeb() }), { host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** The states of the page, each reached from the one before it. */
const states: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['welcome', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  [
    'a conversation: an open thought, a tool card, a failure, a question being edited',
    async (page) => {
      await turn(page, 'Thinking', true)
      await ask(page, 'show')
      await page.getByRole('button', { name: /^Thought/ }).click()
      await turn(page, 'Tools', true)
      await ask(page, 'calculate')
      await ask(page, 'fail')
      await page.getByRole('button', { name: 'Edit question' }).last().click()
    },
  ],
  [
    'a call that waits',
    async (page) => {
      await page.getByRole('button', { name: 'New chat' }).click()
      await send(page, 'run')
      await page.getByRole('button', { name: 'Allow' }).waitFor()
    },
  ],
  [
    'an answer on its way',
    async (page) => {
      await page.getByRole('button', { name: 'Deny' }).click()
      await page.getByText('There it is.', { exact: true }).waitFor()
      await send(page, 'slow')
      await page.getByText('slow slow').waitFor()
    },
  ],
  [
    'settings',
    async (page) => {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Settings' }).click()
    },
  ],
  [
    'formats',
    async (page) => {
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByRole('link', { name: 'Formats' }).click()
      await page.locator('.laboratory').waitFor()
    },
  ],
]

test('no state has a fault that axe finds, in the dark neither', async () => {
  const { page } = await openPage(`${server.url}/`)
  for (const [name, reach] of states) {
    await reach(page)
    const light = await accessibilityProblems(page)
    // Themes differ in colours only, so that the second one needs one rule.
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await accessibilityProblems(page, ['color-contrast'])
    await page.emulateMedia({ colorScheme: 'light' })
    expect({ name, light, dark }).toEqual({ name, light: [], dark: [] })
  }
})

test('a phone: nothing runs out of the screen', async () => {
  const viewport = { width: 360, height: 640 }
  const { page } = await openPage(`${server.url}/`, { viewport })
  for (const [name, reach] of states) {
    await reach(page)
    expect({ name, overflow: await overflow(page) }).toEqual({ name, overflow: 0 })
  }
})

test('the theme button overrides the system, also after a reload', async () => {
  const { page } = await openPage(`${server.url}/`)
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.getByRole('button', { name: 'Theme: system. Change to light' }).click()
  expect(await background()).toBe(light)
  await page.getByRole('button', { name: 'Theme: light. Change to dark' }).click()
  const dark = await background()
  expect(dark).not.toBe(light)
  await page.reload()
  expect(await background()).toBe(dark)
})
