/**
 * Against a real HTTP server that can be told to misbehave.
 *
 * Mutations seen red: chunks kept until the end; room made for what was asked instead of for what came; the query in
 * messages; fetch's own message about a URL passed on.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FileReadError } from './errors.ts'
import { urlFolder, urlSource } from './url-source.ts'

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) ^ (i >> 8))
type Answer = (response: ServerResponse, first: number, last: number) => void

/** A correct answer to a range request. */
const partial: Answer = (response, first, last) => {
  const end = Math.min(last, content.length - 1)
  response.writeHead(206, { 'content-range': `bytes ${first}-${end}/${content.length}`, etag: '"1"' })
  response.end(content.subarray(first, end + 1))
}

let answer: Answer = partial
let requests: IncomingMessage[] = []
const server = createServer((request, response) => {
  requests.push(request)
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  answer(response, Number(range?.[1] ?? -1), Number(range?.[2] ?? -1))
})
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  answer = partial
  requests = []
})

describe('a server that knows ranges', () => {
  test('size and ranges; the start takes one request', async () => {
    const source = urlSource(`${base}/a`)
    expect(requests).toHaveLength(0)
    expect(await source.size()).toBe(100_000)
    expect(await source.read(0, 8)).toEqual(content.slice(0, 8))
    expect(await source.read(100, 65_436)).toEqual(content.slice(100, 65_536))
    expect(requests).toHaveLength(1)
    expect(await source.read(65_530, 10)).toEqual(content.slice(65_530, 65_540))
    expect(await source.read(99_999, 1)).toEqual(content.slice(99_999))
    expect(requests).toHaveLength(3)
    expect(await source.read(99_999, 0)).toHaveLength(0)
    expect(requests).toHaveLength(3)
    // Ranges are of the stored bytes: a compressed answer would have others.
    for (const { headers } of requests) expect(headers['accept-encoding']).toBe('identity')
  })

  test('a short answer is asked for once more, past the cache', async () => {
    const caches: (RequestCache | undefined)[] = []
    const short: typeof fetch = async (url, init) => {
      caches.push(init?.cache)
      const response = await fetch(url, init)
      if (init?.cache === 'no-store') return response
      await response.body?.cancel()
      return new Response('', { status: 206, headers: response.headers })
    }
    const source = urlSource(`${base}/a`, { fetch: short })
    expect(await source.read(70_000, 10)).toEqual(content.slice(70_000, 70_010))
    expect(caches).toEqual([undefined, 'no-store', undefined, 'no-store'])
  })

  test('headers are sent, names are escaped', async () => {
    const folder = urlFolder(`${base}/model/`, { headers: { authorization: 'Bearer x' } })
    await (await folder.open('../a b.json')).size()
    expect(requests[0]?.url).toBe('/model/..%2Fa%20b.json')
    expect(requests[0]?.headers.authorization).toBe('Bearer x')
  })

  test('a small file, an empty file', async () => {
    answer = (response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-2/3' })
      response.end('abc')
    }
    expect(await urlSource(`${base}/a`).read(1, 2)).toEqual(Uint8Array.of(98, 99))
    answer = (response) => response.writeHead(416, { 'content-range': 'bytes */0' }).end()
    expect(await urlSource(`${base}/a`).size()).toBe(0)
  })

  test('without Content-Range (not exposed to another origin) the size comes from HEAD', async () => {
    answer = (response, first, last) => {
      if (first < 0) response.writeHead(200, { 'content-length': content.length }).end()
      else response.writeHead(206).end(content.subarray(first, last + 1))
    }
    const source = urlSource(`${base}/a`)
    expect(await source.size()).toBe(100_000)
    expect(await source.read(70_000, 5)).toEqual(content.slice(70_000, 70_005))
  })

  test('reads outside of the file are refused without a request', async () => {
    const source = urlSource(`${base}/a`)
    await source.size()
    await expect(source.read(99_999, 2)).rejects.toThrow(FileReadError)
    expect(requests).toHaveLength(1)
  })
})

describe('a server that ignores ranges', () => {
  test('the file is taken whole, once', async () => {
    answer = (response) => response.writeHead(200).end(content)
    const source = urlSource(`${base}/a`)
    expect(await source.size()).toBe(100_000)
    expect(await source.read(99_000, 1000)).toEqual(content.slice(99_000))
    expect(requests).toHaveLength(1)
  })

  test('a claim beyond the limit is not waited for', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': 2 ** 40 }).flushHeaders()
    await expect(urlSource(`${base}/a`).size()).rejects.toThrow('more than 1073741824 bytes')
  })

  test('not beyond the limit', async () => {
    answer = (response) => response.writeHead(200).end(content)
    const source = urlSource(`${base}/a`, { maxWholeBytes: 99_999 })
    await expect(source.size()).rejects.toThrow(
      'more than 99999 bytes: it does not know ranges; raise maxWholeBytes',
    )
  })
})

describe('faults', () => {
  test('missing', async () => {
    answer = (response) => response.writeHead(404).end('no')
    await expect(urlSource(`${base}/a`).size()).rejects.toMatchObject({
      name: 'FileNotFoundError',
      path: `${base}/a`,
    })
  })

  test('forbidden; a later call tries again', async () => {
    answer = (response) => response.writeHead(403).end()
    const source = urlSource(`${base}/a`)
    await expect(source.size()).rejects.toThrow('the server answered 403 Forbidden')
    answer = partial
    expect(await source.size()).toBe(100_000)
  })

  test('nobody listens', async () => {
    await expect(urlSource('http://127.0.0.1:1/a').size()).rejects.toThrow('the request failed')
  })

  test('aborted', async () => {
    const source = urlSource(`${base}/a`, { signal: AbortSignal.abort() })
    await expect(source.size()).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('aborted in the middle', async () => {
    const controller = new AbortController()
    answer = (response) => response.writeHead(206).write('abc', () => controller.abort())
    const source = urlSource(`${base}/a`, { signal: controller.signal })
    await expect(source.size()).rejects.toMatchObject({ name: 'AbortError' })
  })

  const faults: readonly [string, Answer, string][] = [
    ['another range', (response) => partial(response, 0, 9), 'answered from byte 0, asked was 70000'],
    [
      'too few bytes',
      (response, first) => {
        response.writeHead(206, { 'content-range': `bytes ${first}-${first + 9}/${content.length}` })
        response.end('short')
      },
      'answered 5 bytes, asked were 10 from 70000',
    ],
    [
      'a later range',
      (response) => partial(response, 70_001, 70_010),
      'answered from byte 70001, asked was 70000',
    ],
    [
      'another range of unknown size',
      (response) => response.writeHead(206, { 'content-range': 'bytes 0-9/*' }).end(content.slice(0, 10)),
      'answered from byte 0, asked was 70000',
    ],
    [
      'a range that is none',
      (response) => response.writeHead(206, { 'content-range': 'bytes ?' }).end(content.slice(0, 10)),
      'answered from byte NaN, asked was 70000',
    ],
    [
      'compressed bytes',
      (response) =>
        response.writeHead(206, { 'content-encoding': 'gzip' }).end(gzipSync(content.slice(0, 10))),
      'answered a range in the encoding "gzip"',
    ],
    ['too many bytes', (response) => response.writeHead(206).end(content), 'more than 10 bytes'],
    ['the whole file all of a sudden', (response) => response.writeHead(200).end(content), 'answered 200'],
    [
      'another size',
      (response, first) => {
        response
          .writeHead(206, { 'content-range': `bytes ${first}-${first + 9}/5` })
          .end(content.slice(0, 10))
      },
      'has changed on the server',
    ],
    [
      'another ETag',
      (response) => response.writeHead(206, { etag: '"2"' }).end(content.slice(0, 10)),
      'has changed on the server',
    ],
    [
      'a broken connection',
      (response) => {
        response.writeHead(206, { 'content-length': '10' })
        response.write('abc', () => response.destroy())
      },
      'the connection broke',
    ],
  ]
  test.each(faults)('%s', async (_, fault, message) => {
    const source = urlSource(`${base}/a`)
    await source.size()
    answer = fault
    await expect(source.read(70_000, 10)).rejects.toThrow(message)
  })

  test('a first answer from elsewhere', async () => {
    answer = (response) => partial(response, 1, 65_536)
    await expect(urlSource(`${base}/a`).size()).rejects.toThrow('answered from byte 1, asked was 0')
  })

  test('a weak ETag may change', async () => {
    let n = 0
    answer = (response, first, last) => {
      response.writeHead(206, { etag: `W/"${n++}"`, 'content-range': `bytes ${first}-${last}/100000` })
      response.end(content.subarray(first, last + 1))
    }
    expect(await urlSource(`${base}/a`).read(70_000, 5)).toEqual(content.slice(70_000, 70_005))
  })

  const hours = (n: number) => new Date(Date.now() - n * 3_600_000).toUTCString()
  test.each([
    [[hours(2), hours(1)], false],
    [[hours(2), hours(2)], true],
    // Made anew for each request; an ETag takes the place of a time.
    [[hours(0), hours(1)], true],
    [[hours(2), '"tag"'], true],
  ])('Last-Modified %j: the same file? %j', async ([before, after], same) => {
    const told = (value: string) => (value.startsWith('"') ? { etag: value } : { 'last-modified': value })
    let headers = told(before!)
    answer = (response, first, last) => {
      response.writeHead(206, { ...headers, 'content-range': `bytes ${first}-${last}/100000` })
      response.end(content.subarray(first, last + 1))
    }
    const source = urlSource(`${base}/a`)
    await source.size()
    headers = told(after!)
    const read = source.read(70_000, 5)
    if (same) expect(await read).toEqual(content.slice(70_000, 70_005))
    else await expect(read).rejects.toThrow('has changed on the server')
  })

  test('a redirect to another host does not get the authorization', async () => {
    const seen: (string | undefined)[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization)
      partial(response, 0, 65_535)
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    answer = (response) => response.writeHead(302, { location: `http://localhost:${port}/b` }).end()
    await urlSource(`${base}/a`, { headers: { authorization: 'Bearer x' } }).size()
    expect(requests[0]?.headers.authorization).toBe('Bearer x')
    expect(seen).toEqual([undefined])
    other.closeAllConnections()
    other.close()
  })

  test('a first answer shorter than the file', async () => {
    answer = (response) => response.writeHead(206, { 'content-range': 'bytes 0-9/20' }).end('0123456789')
    await expect(urlSource(`${base}/a`).size()).rejects.toThrow(
      'answered 10 bytes to a request for the first 65536',
    )
  })

  test('an endless answer is cut off', async () => {
    answer = (response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-65535/100000' })
      const more = () => {
        while (!response.destroyed && response.write(content));
      }
      response.on('drain', more)
      more()
    }
    await expect(urlSource(`${base}/a`).size()).rejects.toThrow('more than 65536 bytes')
  })

  test('tiny chunks are not kept: memory goes with the bytes, not with their number', async () => {
    // One array for all chunks: whoever keeps them has its last state many times.
    const chunk = new Uint8Array(1)
    let next = 0
    const answers: typeof fetch = async (_, init) => {
      const [first, last] = /(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range')!)!.slice(1).map(Number)
      next = first!
      const body = {
        getReader: () => ({
          cancel: async () => {},
          async read() {
            if (next > Math.min(last!, content.length - 1)) return { done: true }
            chunk[0] = content[next++]!
            return { done: false, value: chunk }
          },
        }),
      }
      const headers = new Headers({ 'content-range': `bytes ${first}-${last}/${content.length}` })
      return { ok: true, status: 206, headers, body } as unknown as Response
    }
    const source = urlSource('https://host/a', { fetch: answers })
    expect(await source.read(0, 65_536)).toEqual(content.slice(0, 65_536))
    expect(await source.read(66_000, 30_000)).toEqual(content.slice(66_000, 96_000))
  })

  test('a size that nobody could hold takes no memory', async () => {
    answer = (response, first) => {
      response.writeHead(206, { 'content-range': `bytes ${first}-${first + 9}/${2 ** 49}` })
      response.end(content.subarray(0, first === 0 ? 65_536 : 10))
    }
    const source = urlSource(`${base}/a`)
    await expect(source.read(70_000, 2 ** 48)).rejects.toThrow(`answered 10 bytes, asked were ${2 ** 48}`)
  })
})

describe('secrets of a URL are in no message', () => {
  const secret = (path: string) => `${base}/${path}?token=secret`
  const answers: readonly [string, Answer][] = [
    ['404', (response) => response.writeHead(404).end()],
    ['403', (response) => response.writeHead(403).end()],
    ['a short answer', (response) => response.writeHead(206, { 'content-range': 'bytes 0-9/20' }).end('a')],
    ['a broken connection', (response) => response.destroy()],
  ]
  test.each(answers)('%s', async (_, given) => {
    answer = given
    const error = await urlSource(secret('a'))
      .size()
      .catch((thrown: Error) => thrown)
    expect(everything(error)).toContain(`${base}/a`)
    expect(everything(error)).not.toContain('secret')
    expect(requests[0]?.url).toBe('/a?token=secret')
  })

  test.each(['http://[bad?token=secret', 'https://user:secret@host/a', '//host/a?secret'])(
    'a URL that fetch refuses: %j',
    async (url) => {
      const error = await urlSource(url)
        .size()
        .catch((thrown: Error) => thrown)
      expect(error).toBeInstanceOf(FileReadError)
      expect(everything(error)).not.toContain('secret')
    },
  )

  test('the name of a source and of a folder', async () => {
    expect(urlSource(secret('a')).name).toBe(`${base}/a`)
    expect(urlFolder(secret('a/')).name).toBe(`${base}/a`)
    const file = await urlFolder(secret('a')).open('b.json')
    expect(file.name).toBe(`${base}/a/b.json`)
    await file.size()
    expect(requests[0]?.url).toBe('/a/b.json?token=secret')
  })

  /** Message, fields and stack of an error and of all its causes. */
  function everything(error: unknown): string {
    if (!(error instanceof Error)) return String(error)
    return `${error.stack} ${JSON.stringify(error)} ${everything(error.cause)}`
  }
})
