/** `octoscale serve` as people run it: a process that is started, used and stopped. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import OpenAI from 'openai'
import { describe, expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../explain.ts'
import { parseServeArguments } from './serve-options.ts'
import { findWebFolder } from './serve-web.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const node = ['--conditions=@octoscale/source', cli]
const environment = { ...process.env, NO_COLOR: '1', OCTOSCALE_API_KEY: undefined }

interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly line: string
  readonly output: () => string
}

/** Starts the command and waits for its first line. */
async function start(...args: string[]): Promise<Running> {
  const child = spawn(
    process.execPath,
    [...node, 'serve', '--no-web', '--backend', 'wasm', '--port', '0', ...args],
    {
      env: environment,
    },
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  child.stderr.on('data', (data) => {
    output += data
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data) => {
      output += data
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')))
    })
    child.once('exit', () => reject(new TypeError(`it ended: ${output}`)))
  })
  return { child, line, output: () => output }
}

test('answers, then SIGTERM ends a running stream and the process', async () => {
  const { child, line, output } = await start('--json')
  const ready = JSON.parse(line)
  expect(ready).toMatchObject({ event: 'ready', model: 'octo-tiny', contextLength: 2048, web: false })
  const openai = new OpenAI({ baseURL: `${ready.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const ask = {
    model: ready.model,
    temperature: 0,
    messages: [{ role: 'user' as const, content: 'What is 12 + 34?' }],
  }
  const completion = await openai.chat.completions.create(ask)
  expect(completion.choices[0]?.message.content).toContain('46')

  // A long answer: random text that goes on until the context is full.
  const stream = await openai.chat.completions.create({ ...ask, temperature: 100, seed: 1, stream: true })
  const chunks = stream[Symbol.asyncIterator]()
  await chunks.next()
  const startedAt = performance.now()
  child.kill('SIGTERM')
  const rest = async (): Promise<void> => {
    for (let next = await chunks.next(); !next.done; next = await chunks.next());
  }
  const [ended] = await Promise.all([
    once(child, 'exit'),
    expect(rest()).rejects.toMatchObject({ code: 'server_stopping' }),
  ])
  expect(ended).toEqual([0, null])
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  // The ready line is all it ever says: nothing of what was asked or answered.
  expect(output()).toBe(`${line}\n`)
})

test('one line for people, and SIGINT', async () => {
  const { child, line } = await start()
  expect(line).toMatch(/^octo-tiny on \w+, 2048 tokens of context: http:\/\/127\.0\.0\.1:\d+\/v1$/)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a port in use is one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => {
    other.close()
  })
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const args = [...node, 'serve', '--no-web', '--backend', 'wasm', '--port', port]
  const child = spawn(process.execPath, args, { env: environment })
  let error = ''
  child.stderr.on('data', (data) => {
    error += data
  })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(error).toMatch(/^octoscale: port \d+ of 127\.0\.0\.1 is in use: .*--port.*\n$/)
})

test('help', () => {
  const { stdout, status } = spawnSync(process.execPath, [...node, 'serve', '--help'], { encoding: 'utf8' })
  expect(stdout).toContain('--allow-host')
  expect(status).toBe(0)
})

describe('options', () => {
  test('defaults are for this machine only', () => {
    expect(parseServeArguments([], {})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      loopback: true,
      apiKey: undefined,
      cors: [],
      web: true,
    })
  })

  test('other machines only with a key', () => {
    expect(() => parseServeArguments(['--host', '0.0.0.0'], {})).toThrow(/OCTOSCALE_API_KEY/)
    expect(() => parseServeArguments(['--host', '::'], {})).toThrow(UsageError)
    expect(parseServeArguments(['--host', '0.0.0.0'], { OCTOSCALE_API_KEY: 'k' })).toMatchObject({
      loopback: false,
      apiKey: 'k',
    })
    expect(parseServeArguments(['--host', '::1'], {}).loopback).toBe(true)
  })

  test.each<[string[], RegExp]>([
    [['--port', '70000'], /--port takes a whole number from 0 to 65535, got 70000/],
    [['--port', ''], /--port/],
    [['--port', '80.5'], /--port/],
    [['--context', '0'], /--context/],
    [['--backend', 'cuda'], /--backend takes auto/],
    [['--cors', '*'], /--cors takes an origin/],
    [['--cors', 'https://app.example/path'], /--cors/],
    [['--cors', 'null'], /--cors/],
    [['--cors', 'file:///'], /--cors/],
    [['--api-key', ''], /the API key must be/],
    [['--api-key', 'two words'], /the API key must be/],
    [['--open', '--no-web'], /--open/],
    [['--fast'], /--fast/],
    [['extra'], /extra/],
  ])('%j is refused', (args, message) => {
    expect(() => parseServeArguments(args, {})).toThrow(UsageError)
    expect(() => parseServeArguments(args, {})).toThrow(message)
  })

  test('a bad key is not repeated in the message', () => {
    expect(() => parseServeArguments(['--api-key', 'my secret'], {})).not.toThrow(/secret/)
  })
})

describe('the web folder', () => {
  const failing = async (): Promise<string> => {
    throw new TypeError('no builder\nhere')
  }
  test('is what was built', async () => {
    expect(await findWebFolder(async () => '/built')).toEqual({ folder: '/built', notice: undefined })
  })
  test('is an older one if building fails, or none', async () => {
    const here = fileURLToPath(new URL('.', import.meta.url))
    expect(await findWebFolder(failing, here)).toEqual({
      folder: here,
      notice: 'the web app is an older one, building it anew failed: no builder',
    })
    expect(await findWebFolder(failing, `${here}/nothing`)).toEqual({
      folder: undefined,
      notice: 'without the web app, building it failed: no builder',
    })
  })
})
