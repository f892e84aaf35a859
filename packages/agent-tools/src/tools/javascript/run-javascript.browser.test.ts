import { describe, expect, test } from 'vitest'
import { callTool } from '../testing/call-tool.ts'
import { type RunJavaScriptOptions, runJavaScript } from './run-javascript.ts'

const run = (code: string, options: RunJavaScriptOptions = {}, signal?: AbortSignal): Promise<string> =>
  callTool(runJavaScript(options), { code }, signal).catch((error: Error) => {
    if (error.name === 'ScriptError') return error.message
    throw error
  })

describe('in a page', () => {
  test('code gives its printed lines and its value', async () => {
    expect(await run('console.log("a", { b: 1 }); await 6 * 7')).toBe('a {"b":1}\n42')
    expect(await run('let a = 1\nnull.x')).toBe("TypeError: cannot read property 'x' of null (line 2)")
  })

  test('no object of the page or its worker is in reach', async () => {
    const names = [
      'window',
      'self',
      'document',
      'fetch',
      'postMessage',
      'importScripts',
      'indexedDB',
      'process',
    ]
    expect(await run(`[${names.map((name) => `typeof ${name}`).join(',')}].join(' ')`)).toBe(
      names.map(() => 'undefined').join(' '),
    )
    expect(await run('({}).constructor.constructor("return typeof self")()')).toBe('undefined')
    expect(await run('import("./x.js")')).toMatch(/could not load module/)
  })

  test.each([
    ['a loop', 'for (;;);'],
    ['native operations', 'const a = []; for (;;) a.push("x".repeat(1e6))'],
  ])('%s is ended', async (_name, code) => {
    const start = performance.now()
    expect(await run(code, { milliseconds: 300, memoryBytes: 2 ** 28 })).toMatch(
      /^the code was stopped after 300 ms/,
    )
    expect(performance.now() - start).toBeLessThan(8000)
  })

  test.each([
    ['recursion', 'const f = () => f(); f()'],
    ['deep data to JSON', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)'],
    ['deep JSON', 'JSON.parse("[".repeat(1e6))'],
  ])('the stack ends: %s', async (_name, code) => {
    expect(await run(code)).toMatch(/stack overflow/)
  })

  test('memory has a limit', async () => {
    const code = 'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1))'
    expect(await run(code, { memoryBytes: 2 ** 22, milliseconds: 20_000 })).toBe(
      'the code needs more than 4 MiB',
    )
  })

  test('an abort ends the call', async () => {
    const signal = AbortSignal.timeout(200)
    await expect(run('for (;;);', { milliseconds: 20_000 }, signal)).rejects.toThrow(/timed out/)
  })

  test('calls at once give their own results', async () => {
    const tool = runJavaScript()
    const texts = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => callTool(tool, { code: `${n} * ${n}` })))
    expect(texts).toEqual(['1', '4', '9', '16', '25', '36'])
  })
})
