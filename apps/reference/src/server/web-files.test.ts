/** The web app's files: what is found, with which headers, and what is not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { createApp } from './app.ts'
import { serveApp } from './testing/http.ts'
import { scriptedEngine } from './testing/scripted-engine.ts'
import { cacheControlOf, webHeaders } from './web-headers.ts'

const parent = mkdtempSync(join(tmpdir(), 'octoscale-web-'))
const web = join(parent, 'web')
mkdirSync(join(web, 'assets'), { recursive: true })
writeFileSync(join(parent, 'secret.txt'), 'secret')
writeFileSync(join(web, '.env'), 'secret')
writeFileSync(join(web, 'index.html'), '<!doctype html>')
writeFileSync(join(web, 'assets/index-BdT6sW2k.js'), 'export {}')
writeFileSync(join(web, 'assets/index-BdT6sW2k.js.gz'), gzipSync('export {}'))
writeFileSync(join(web, 'assets/kernels-a_b-C123.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]))
writeFileSync(join(web, 'assets/model-0123abcd.safetensors'), '0123456789')
afterAll(() => rmSync(parent, { recursive: true }))

const engine = scriptedEngine(() => [])
const app = createApp({ engine, web, apiKey: 'key' })

test.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
  ['/assets/index-BdT6sW2k.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/assets/kernels-a_b-C123.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
  ['/assets/model-0123abcd.safetensors', 'application/octet-stream', 'public, max-age=31536000, immutable'],
])('%s', async (path, type, cache) => {
  for (const method of ['GET', 'HEAD']) {
    const response = await app.request(path, { method })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('cache-control')).toBe(cache)
    for (const [name, value] of Object.entries(webHeaders)) expect(response.headers.get(name)).toBe(value)
    expect((await response.text()) === '').toBe(method === 'HEAD')
  }
})

test('parts of a file, as the loader of weights asks for them', async () => {
  const { url } = await serveApp({ engine, web })
  const response = await fetch(`${url}/assets/model-0123abcd.safetensors`, {
    headers: { range: 'bytes=2-4' },
  })
  expect(response.status).toBe(206)
  expect(response.headers.get('content-range')).toBe('bytes 2-4/10')
  expect(await response.text()).toBe('234')
  const head = await fetch(`${url}/assets/model-0123abcd.safetensors`, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('10')
})

test('a compressed form beside a file goes to who takes it', async () => {
  const { url } = await serveApp({ engine, web })
  const ask = (encoding: string) =>
    fetch(`${url}/assets/index-BdT6sW2k.js`, { headers: { 'accept-encoding': encoding } })
  const compressed = await ask('gzip')
  expect(compressed.headers.get('content-encoding')).toBe('gzip')
  expect(compressed.headers.get('vary')).toContain('Accept-Encoding')
  expect(compressed.headers.get('content-type')).toContain('text/javascript')
  expect(await compressed.text()).toBe('export {}')
  expect((await ask('identity')).headers.has('content-encoding')).toBe(false)
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%252e%252e/secret.txt',
  '/..\\secret.txt',
  '/..%5csecret.txt',
  '//secret.txt',
  '/assets//../../secret.txt',
  `/${join(parent, 'secret.txt')}`,
  '/.env',
  '/%2eenv',
  '/assets',
  '/assets/',
  '/nothing',
  '/index.html/x',
  '/index.html%00.js',
])('%s is not found', async (path) => {
  // `Request` would tidy the address: this is what an attacker's client sends.
  const { port } = await serveApp({ engine, web })
  const { connect } = await import('node:net')
  const answer = await new Promise<string>((resolve) => {
    let all = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    })
    socket.on('data', (data) => {
      all += data
    })
    socket.on('close', () => resolve(all))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /)
  expect(answer).not.toContain('\r\n\r\nsecret')
  expect(answer).toContain('{"error":{')
})

test('the API is not shadowed, and files take GET only', async () => {
  expect((await app.request('/health')).status).toBe(200)
  expect((await app.request('/v1/models')).status).toBe(401)
  expect((await app.request('/index.html', { method: 'POST' })).status).toBe(404)
  expect((await app.request('/', { headers: { host: 'evil.example' } })).status).toBe(403)
})

test('only names with a hash are kept for ever', () => {
  expect(cacheControlOf('/assets/a-12345678.css')).toContain('immutable')
  for (const path of ['/index.html', '/a-12345678.css', '/assets/plain.css', '/assets/two-words.css']) {
    expect(cacheControlOf(path)).toBe('no-cache')
  }
})
