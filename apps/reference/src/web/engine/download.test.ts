import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { downloadFiles } from './download.ts'
import type { LoadProgress } from './protocol.ts'

let answer: RequestListener
const server = createServer((request, response) => answer(request, response))
let base: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function download(signal = new AbortController().signal) {
  const progress: LoadProgress[] = []
  const files = {
    'a.safetensors': new URL('/a', base),
    'b.safetensors': new URL('/b', base),
    'c.json': new URL('/c', base),
  }
  const result = downloadFiles(files, { onProgress: (step) => progress.push(step), signal })
  return { result, progress }
}

test('all files, with bytes of the weights', async () => {
  answer = (request, response) => {
    const body = request.url === '/a' ? 'a'.repeat(100_000) : 'bb'
    response.writeHead(200, { 'content-length': body.length }).end(body)
  }
  const { result, progress } = download()
  const files = await result
  expect(new TextDecoder().decode(files['b.safetensors'])).toBe('bb')
  expect(files['a.safetensors']?.byteLength).toBe(100_000)
  expect(progress[0]).toEqual({ phase: 'download', bytes: 0, totalBytes: 100_002 })
  expect(progress.at(-1)?.bytes).toBe(100_002)
  const bytes = progress.map((step) => step.bytes)
  expect(bytes).toEqual([...bytes].sort((x, y) => x - y))
})

test('a host that compresses the small files does not hide the progress', async () => {
  answer = (request, response) => {
    const body = request.url === '/c' ? gzipSync('{}') : Buffer.from('abc')
    const encoding = request.url === '/c' ? { 'content-encoding': 'gzip' } : {}
    response.writeHead(200, { 'content-length': body.length, ...encoding }).end(body)
  }
  const { result, progress } = download()
  expect(new TextDecoder().decode((await result)['c.json'])).toBe('{}')
  expect(progress.at(-1)).toEqual({ phase: 'download', bytes: 6, totalBytes: 6 })
})

test('a host that tells no size: bytes without a total', async () => {
  answer = (_, response) => response.writeHead(200).end('abc')
  const { result, progress } = download()
  await result
  expect(progress.at(-1)).toEqual({ phase: 'download', bytes: 6, totalBytes: undefined })
})

test('faults name the file and what happened', async () => {
  answer = (_, response) => response.writeHead(503).end()
  await expect(download().result).rejects.toMatchObject({
    name: 'DownloadError',
    status: 503,
    url: expect.stringContaining('/a'),
  })
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('abc', () => response.destroy())
  }
  await expect(download().result).rejects.toMatchObject({ name: 'DownloadError', status: 0 })
  answer = (_, response) => response.destroy()
  await expect(download().result).rejects.toThrow(/cannot download .*check the connection/)
})

test('an abort ends it with its reason', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('abc')
  }
  const controller = new AbortController()
  const { result } = download(controller.signal)
  setTimeout(() => controller.abort(new DOMException('enough', 'AbortError')), 50)
  await expect(result).rejects.toThrow('enough')
})
