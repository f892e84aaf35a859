import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathOf, type StaticServer, serve } from './static-server.ts'

let home: string
let server: StaticServer

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'octoscale-server-'))
  for (const folder of ['first', 'second']) {
    mkdirSync(join(home, folder))
    writeFileSync(join(home, folder, 'both.txt'), folder)
    writeFileSync(join(home, folder, `${folder}.js`), `'${folder}'`)
  }
  writeFileSync(join(home, 'secret.txt'), 'secret')
  server = await serve([join(home, 'first'), join(home, 'second')])
})

afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

test('the first folder that has the file', async () => {
  expect(await (await fetch(`${server.url}both.txt`)).text()).toBe('first')
  const response = await fetch(`${server.url}second.js?v=1`)
  expect(response.headers.get('content-type')).toBe('text/javascript')
  expect(await response.text()).toBe(`'second'`)
})

test('no file, no folder, nothing outside', async () => {
  for (const path of ['none.txt', '', '%2e%2e/secret.txt', '..%2fsecret.txt', '%2e%2e%2fsecret.txt', '%']) {
    expect((await fetch(server.url + path)).status, path).toBe(404)
  }
})

test('paths of URLs', () => {
  expect(pathOf('/')).toBe('index.html')
  expect(pathOf('/a/b%20c.js?x#y')).toBe('a/b c.js')
  expect(pathOf('/a/')).toBe('a/index.html')
})
