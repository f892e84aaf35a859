/**
 * Makes the pictures of docs/images: the built page with the real model, as a person would see it. With names as
 * arguments only those: `pnpm --filter @octoscale/reference screenshots formats`.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Page } from 'playwright'
import { runOrExplain, UsageError } from './explain.ts'
import { ask, turn } from './web/testing/chat-actions.ts'
import { serveFolder } from './web/testing/static-server.ts'
import { openBrowser, openPage } from './web/testing/watched-page.ts'
import { buildWeb } from './web-build.ts'

const repository = resolve(import.meta.dirname, '../../..')
const folder = join(repository, 'docs/images')
const width = 960

interface Picture {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly path: string
  readonly height: number
  readonly prepare: (page: Page) => Promise<unknown>
}

async function talk(page: Page): Promise<void> {
  await turn(page, 'Tools', true)
  await ask(page, 'What is 0.3 in e4m3?')
  await turn(page, 'Tools', false)
  await turn(page, 'Thinking', true)
  await ask(page, 'What is 2718 + 3141?')
  await page.getByRole('button', { name: /^Thought/ }).click()
}

const pictures: readonly Picture[] = [
  {
    name: 'chat',
    theme: 'light',
    path: '',
    height: 800,
    prepare: (page) => page.getByText(/^Ready/).waitFor(),
  },
  { name: 'chat-dark', theme: 'dark', path: '', height: 800, prepare: talk },
  {
    name: 'formats',
    theme: 'light',
    path: '#/formats?x=0.3',
    // As far as the facts of the first format.
    height: 1345,
    prepare: (page) => page.locator('.laboratory').waitFor(),
  },
]

await runOrExplain(async () => {
  const wanted = process.argv.slice(2)
  const known = pictures.map(({ name }) => name)
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UsageError(`no picture '${unknown}': there are ${known.join(', ')}`)
  const browser = await openBrowser()
  if (browser === undefined)
    throw new UsageError('pictures need a Chromium: install one, or set CHROMIUM_PATH')
  const server = await serveFolder(await buildWeb())
  mkdirSync(folder, { recursive: true })
  try {
    for (const { name, theme, path, height, prepare } of pictures) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      const viewport = { width, height }
      const { page } = await openPage(browser, `${server.address}${path}`, { theme, viewport })
      await prepare(page)
      // No caret, no hovered button.
      await page.mouse.move(0, viewport.height - 1)
      await page.evaluate(
        () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      )
      const file = join(folder, `${name}.png`)
      await page.screenshot({ path: file, animations: 'disabled' })
      console.log(`${relative(repository, file)}: ${Math.ceil(statSync(file).size / 1000)} kB`)
    }
  } finally {
    await browser.close()
    await server.close()
  }
})
