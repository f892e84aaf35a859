/** The built page behind the real server, with a scripted engine: what a person sees, and what the server sees. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApp } from '../server/app.ts'
import { type Listening, listen } from '../server/listen.ts'
import { buildWeb } from '../web-build.ts'
import { answeringEngine, type ScriptedAnswer } from './testing/answering-engine.ts'
import { answers, ask, conversation, messageField, send, turn, twice } from './testing/chat-actions.ts'
import { hostileTexts } from './testing/hostile-texts.ts'
import { useBrowser } from './testing/use-browser.ts'
import type { PageOptions } from './testing/watched-page.ts'

const code = (text: string): ScriptedAnswer => ({
  call: { name: 'run_javascript', arguments: JSON.stringify({ code: text }) },
})

/** Fails on its first question and answers the next. */
let failures = 0

const engine = answeringEngine((last) => {
  const text = String(last.content)
  if (last.role === 'tool') return { text: `The tool says ${text}` }
  if (text.startsWith('count'))
    return { text: Array.from({ length: 400 }, (_, i) => `n${i}`).join(' '), milliseconds: 30 }
  if (text.startsWith('fail'))
    return failures++ === 0 ? { text: 'Half an', error: new RangeError('broken') } : { text: 'Whole.' }
  if (text.startsWith('run ')) return code(text.slice(4))
  if (text.startsWith('say ')) return { thinking: text.slice(4), text: text.slice(4) }
  return { thinking: 'Let me see.', text: `You said **${text}**.` }
})

const openPage = useBrowser()
let server: Listening
beforeAll(async () => {
  server = await listen(createApp({ engine, web: await buildWeb() }), { host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

async function open(options: PageOptions = {}): Promise<Page> {
  return (await openPage(`${server.url}/`, options)).page
}

describe('a model of the server', () => {
  test('answers where a server has one; the other choice is the tab', async () => {
    const page = await open()
    const model = page.getByLabel('Model', { exact: true })
    await model.locator('option').nth(1).waitFor({ state: 'attached' })
    expect(await model.locator('option').allInnerTexts()).toEqual([
      'In this tab: octo-tiny',
      'Server: scripted',
    ])
    expect(await model.inputValue()).toBe('server:scripted')
    await turn(page, 'Thinking', true)
    expect(await ask(page, 'hello')).toMatch(/Thought for .*\s+You said hello\.\s+scripted/)
    expect(await page.getByRole('meter').getAttribute('aria-label')).toMatch(/of 4096 tokens$/)
    await model.selectOption('tab')
    expect(await ask(page, 'What is the largest E4M3 value?')).toMatch(/448[\s\S]*octo-tiny/)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await model.selectOption('server:scripted')
    expect(await ask(page, 'back')).toContain('You said back.')
    await model.selectOption('tab')
    expect(await ask(page, 'What is 12 + 34?')).toContain('46')
  })

  test('streams; Stop freezes the text, and the server stops computing', async () => {
    const page = await open()
    await send(page, 'count')
    await answers(page).getByText('n3').waitFor()
    expect(await conversation(page).getAttribute('aria-busy')).toBe('true')
    expect(await answers(page).getAttribute('aria-live')).toBe('off')
    const [early, later] = await twice(answers(page), 300)
    expect(later.length).toBeGreaterThan(early.length)
    await page.getByRole('button', { name: 'Stop' }).click()
    await answers(page).getByText('Stopped.').waitFor()
    const [frozen, still] = await twice(answers(page), 300)
    expect(still).toBe(frozen)
    await vi.waitUntil(() => engine.asked.at(-1)?.end === 'aborted')
    expect(await messageField(page).evaluate((element) => element === document.activeElement)).toBe(true)
    // A new question works, and the model is told how far the stopped answer came.
    await ask(page, 'and now')
    expect(engine.asked.at(-1)?.options.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user' },
    ])
  })

  test('the view follows the answer until the person scrolls away', async () => {
    const page = await open({ viewport: { width: 420, height: 500 } })
    await send(page, 'count')
    await answers(page).getByText('n150').waitFor()
    const view = page.getByRole('region', { name: 'Transcript' })
    const fromEnd = (): Promise<number> =>
      view.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
    expect(await fromEnd()).toBeLessThan(50)
    await view.hover()
    await page.mouse.wheel(0, -300)
    await page.getByRole('button', { name: 'To the end' }).waitFor()
    const top = await view.evaluate((element) => element.scrollTop)
    await page.waitForTimeout(300)
    expect(await view.evaluate((element) => element.scrollTop)).toBe(top)
    await page.getByRole('button', { name: 'To the end' }).click()
    expect(await fromEnd()).toBeLessThan(50)
    await page.keyboard.press('Escape')
  })

  test('code runs in the sandbox of the page when the person allows it, and only then', async () => {
    const page = await open()
    await turn(page, 'Tools', true)
    await send(page, 'run const a = 6\na * 7')
    const card = page.getByRole('region', { name: 'Tool run_javascript' })
    await card.getByText('Waits for you').waitFor()
    expect(await card.innerText()).toContain('const a = 6\na * 7')
    await card.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('The tool says 42', { exact: true }).waitFor()
    expect(await card.innerText()).toMatch(/Done in [\d.]+ m?s/)

    await page.getByRole('button', { name: 'New chat' }).click()
    await send(page, 'run fetch("/")')
    await card.getByRole('button', { name: 'Deny' }).click()
    await card.getByText('Not allowed').waitFor()
    await page
      .getByText(/^The tool says .*(denied|not|refused)/i)
      .first()
      .waitFor()
  })

  test('an answer that breaks off says so, keeps what came, and can be tried again', async () => {
    const page = await open()
    await send(page, 'fail')
    await page.getByRole('alert').waitFor()
    expect(await answers(page).innerText()).toContain('Half an')
    await page.getByRole('button', { name: 'Try again' }).click()
    await answers(page).getByText('Whole.').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('settings: what is not taken is shown, every number that can be entered is answered, Reset clears', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Settings' }).click()
    const fields = ['Temperature', 'Top P', 'Longest answer', 'Seed'].map((name) => page.getByLabel(name))
    const texts = (): Promise<string[]> => Promise.all(fields.map((one) => one.inputValue()))
    const valid = (): Promise<boolean[]> =>
      Promise.all(fields.map((one) => one.evaluate((input: HTMLInputElement) => input.validity.valid)))
    const fill = async (...values: string[]): Promise<void> => {
      for (const [i, value] of values.entries()) await fields[i]?.fill(value)
    }
    await fill('0.25', '0.33', '7', '3')
    expect(await valid()).toEqual([true, true, true, true])
    // The server refuses a topP of 0, and half a token.
    await fill('5', '0', '2.5', '-1')
    expect(await valid()).toEqual([false, false, false, false])
    await page.getByRole('button', { name: 'Reset' }).click()
    expect(await texts()).toEqual(['', '', '', ''])
    for (const one of fields) await one.fill((await one.getAttribute('min')) ?? '')
    await page.getByRole('button', { name: 'Done' }).click()
    expect(await ask(page, 'hello')).toContain('You said hello.')
  })

  test('a server that wants a key gets it from the settings', async () => {
    const app = createApp({ engine, web: await buildWeb(), apiKey: 'right' })
    const guarded = await listen(app, { host: '127.0.0.1', port: 0 })
    try {
      const { page } = await openPage(`${guarded.url}/`, { expected: /401 .*\/v1\/models$/ })
      for (const key of ['wrong', 'right']) {
        await page.getByRole('button', { name: 'Settings' }).click()
        await page.getByLabel(/^Key of the server/).fill(key)
        await page.getByRole('button', { name: 'Done' }).click()
      }
      await page.getByLabel('Model').getByText('Server: scripted').waitFor({ state: 'attached' })
      await page.reload()
      expect(await ask(page, 'hello')).toContain('You said hello.')
    } finally {
      await guarded.close()
    }
  })

  test('a server that is gone is an error in words', async () => {
    const page = await open({ expected: /ERR_(FAILED|CONNECTION_REFUSED)/ })
    await page.route('**/v1/chat/completions', (route) => route.abort())
    await send(page, 'hello')
    expect(await page.getByRole('alert').innerText()).toMatch(/\w+ \w+/)
  })
})

test('a text that cannot be parsed is shown as it is', async () => {
  const page = await open()
  expect(await ask(page, `say ${'>'.repeat(4900)} end`)).toContain('> end')
  expect(await ask(page, `say ${'_a_b'.repeat(5000)}`)).toContain('_a_b_a_b')
})

test('hostile texts stay texts: in answers, thoughts, calls, results and questions', async () => {
  const page = await open()
  await turn(page, 'Thinking', true)
  await turn(page, 'Tools', true)
  for (const text of hostileTexts) await ask(page, `say ${text}`)
  await send(page, `run ${JSON.stringify(hostileTexts[1])}`)
  await page.getByRole('button', { name: 'Allow' }).last().click()
  await page.getByText(/^The tool says/).waitFor()
  for (const head of await page.getByRole('button', { name: /^Thought/ }).all()) await head.click()
  // Long enough for anything that would be fetched or run.
  await page.waitForTimeout(300)
  const found = await conversation(page).evaluate((log) => {
    const allowed =
      'ARTICLE DIV SECTION FOOTER SPAN BUTTON STRONG P BR PRE CODE UL LI A TABLE THEAD TBODY TR TH TD'
    const problems: string[] = []
    for (const element of log.querySelectorAll('*')) {
      if (element.closest('svg.icon') !== null) continue
      if (!allowed.split(' ').includes(element.tagName)) problems.push(element.outerHTML)
      for (const { name, value } of element.attributes) {
        if (/^on|^style$|^src/.test(name)) problems.push(`${name}: ${element.outerHTML}`)
        if (name === 'href' && !/^(https?|mailto):/.test(value)) problems.push(element.outerHTML)
      }
      if (element.tagName === 'A' && element.getAttribute('rel') !== 'noopener noreferrer nofollow') {
        problems.push(element.outerHTML)
      }
    }
    return problems
  })
  expect(found).toEqual([])
  // What the model wrote is there to be read.
  expect(await conversation(page).innerText()).toContain('<script>alert(1)</script>')
})
