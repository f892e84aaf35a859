/** The built folder, as files. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { contentSecurityPolicy } from './server/web-headers.ts'
import { buildWeb } from './web-build.ts'

const folder = await buildWeb()
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const html = read('index.html')

/** Files that the browser fetches before anything can be done: scripts and styles that index.html names. */
const initial = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
  (match) => match[1] ?? '',
)

test('what is needed to start is small', () => {
  expect(initial.some((file) => file.endsWith('.js'))).toBe(true)
  const scripts = initial.filter((file) => file.endsWith('.js'))
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(read(file)).byteLength, 0)
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(150_000)
})

test('the page carries the policy of the server, without what only a header can say', () => {
  const said = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]
  const policy = said?.replaceAll('&#39;', "'").split('; ')
  expect(policy).toEqual(
    contentSecurityPolicy.split('; ').filter((line) => line !== "frame-ancestors 'none'"),
  )
  // It holds from where it stands.
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'))
})

test('no script, style or handler stands in the page itself, and no address leads away', () => {
  expect(html).not.toMatch(/<style|style=| on\w+=|<script(?![^>]*src=)/)
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\.\//)
})

test('the weights are a file of their own, as they are in the package, and all else has a hash in its name', () => {
  const files = globSync('**/*.*', { cwd: folder })
  const weights = files.filter((file) => file.endsWith('.safetensors'))
  expect(weights.map((file) => statSync(join(folder, file)).size)).toEqual([
    statSync(octoTiny.files['model.safetensors'] as URL).size,
  ])
  for (const file of files.filter((name) => name !== 'index.html')) {
    expect(file).toMatch(/^assets\/[\w.-]+-[\w-]{8}\.\w+$/)
  }
})

test('a second build of the same sources is no build', async () => {
  const before = statSync(join(folder, 'index.html')).mtimeMs
  expect(await buildWeb()).toBe(folder)
  expect(statSync(join(folder, 'index.html')).mtimeMs).toBe(before)
})
