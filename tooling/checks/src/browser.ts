/** The browser that `*.browser.test.ts` files run in: a Chromium of the machine, never a downloaded one. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** `CHROMIUM_PATH`, or the first Chromium or Chrome in the usual places; undefined when there is none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = environment.CHROMIUM_PATH
  if (given !== undefined && given !== '') return existsSync(given) ? given : undefined
  const paths = (environment.PATH ?? '').split(delimiter).filter((path) => path !== '')
  const candidates = [...folders, ...paths].flatMap((folder) => names.map((name) => join(folder, name)))
  return [...candidates, ...applications].find((path) => existsSync(path))
}

/**
 * No sandbox (it needs rights that a container has not), no connection to anywhere but the test pages, and WebGPU on
 * SwiftShader, which is on every machine.
 */
export const browserFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
