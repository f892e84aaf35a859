/** Contestants in a page of headless Chromium, cross-origin isolated so that threads can share memory. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browserFlags, findBrowser } from '@octoscale/checks/browser'
import { chromium, type Page } from 'playwright'
import { createServer } from 'vite'
import type { Contestant } from './contestant.ts'
import { multiplied } from './llama.ts'
import type { Bench } from './page/page.ts'
import { installPeer, workspace } from './peers.ts'

declare const bench: Bench

/** Both are given `threads`, and the same prompt length. Throws if there is no Chromium. */
export async function inChromium(modelPath: string, threads: number): Promise<Contestant[]> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium: install one, or set CHROMIUM_PATH')
  const folder = await installPeer('@wllama/wllama', '3.13.0', 'esm/index.js')
  const server = await createServer({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['@octoscale/source', 'module', 'browser', 'import', 'default'] },
    optimizeDeps: { noDiscovery: true },
    server: {
      host: '127.0.0.1',
      // Nothing changes under a benchmark.
      hmr: false,
      watch: null,
      fs: { allow: [workspace] },
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  })
  await server.listen()
  const browser = await chromium.launch({ executablePath, args: [...browserFlags] })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`in the page: ${error.message}`))
  await page.goto(server.resolvedUrls!.local[0]!)
  await page.waitForFunction(() => 'bench' in globalThis)
  const url = (path: string): string => `/@fs/${relative('/', path)}`
  const start = (name: 'ours' | 'wllama'): Promise<string> =>
    page.evaluate(([what, count, from, model]) => bench.start(what, count, from, model), [
      name,
      threads,
      url(folder),
      url(modelPath),
    ] as const)
  console.log(`Chromium ${browser.version()}: ours: ${await start('ours')}; wllama: ${await start('wllama')}`)
  return [
    contestant(page, 'ours', 'octoscale in Chromium, int8', (multiplied * 136) / 128),
    contestant(page, 'wllama', 'wllama in Chromium, Q8_0', (multiplied * 34) / 32),
  ]
}

function contestant(page: Page, key: string, name: string, bytes: number): Contestant {
  const measure: Contestant['measure'] = (round) =>
    page.evaluate(([which, turn]) => bench.measure(which, turn), [key, round] as const)
  return { name, bytes, measure }
}
