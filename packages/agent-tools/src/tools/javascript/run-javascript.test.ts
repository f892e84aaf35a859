import { describe, expect, test } from 'vitest'
import { AgentOptionError } from '../../errors.ts'
import { callTool } from '../testing/call-tool.ts'
import { type RunJavaScriptOptions, runJavaScript } from './run-javascript.ts'
import type { ScriptError } from './script-error.ts'

const run = (code: string, options: RunJavaScriptOptions = {}, signal?: AbortSignal): Promise<string> =>
  callTool(runJavaScript({ milliseconds: 5000, ...options }), { code }, signal)

/** The ScriptError that code ends with. */
async function failure(code: string, options: RunJavaScriptOptions = {}): Promise<ScriptError> {
  const ended = await run(code, options).then(
    (text) => `no error, but ${text}`,
    (error: unknown) => error,
  )
  expect(ended).toMatchObject({ name: 'ScriptError' })
  return ended as ScriptError
}

describe.concurrent('results', () => {
  test.each([
    ['1 + 1', '2'],
    ["'hello'.toUpperCase()", 'HELLO'],
    ['let a = 20\na ** 2', '400'],
    ['let a = 1', 'undefined'],
    ['if (true) { 5 } else { 6 }', '5'],
    ['[1, 2, 3].map((x) => x * 2)', '[2,4,6]'],
    ['({ a: 1n, b: undefined, c: () => 1, d: NaN })', '{"a":"1n","b":null,"c":"[function]","d":"NaN"}'],
    ['new Map([["a", 1]])', '[["a",1]]'],
    ['new Set("aab")', '["a","b"]'],
    ['new Uint8Array(2)', '[0,0]'],
    ['new Error("no")', 'Error: no'],
    ['10n ** 20n', '100000000000000000000n'],
    ['Symbol("s")', 'Symbol(s)'],
    ['(function named() {})', '[function named]'],
    ['const o = {}; o.o = o; o', '[cannot be shown: circular reference]'],
    ['await 5', '5'],
    ['await Promise.all([1, Promise.resolve(2)])', '[1,2]'],
    ['(async () => { await null; return 7 })()', '7'],
    ['new Promise(() => {})', '[promise that is not settled]'],
    ['console.log("a", { b: 1 }, null); console.error(2); 3', 'a {"b":1} null\n2\n3'],
    ['console.log("only")', 'only'],
    ['async function main() { console.log(1); await 0; console.log(2) }\nmain()', '1\n2'],
    ['"\u4e2d\ud83d\ude00\\u0000!"', '\u4e2d\ud83d\ude00\\0!'],
    ['console.log("a\\u0000b"); "\\ud800"', 'a\\0b\n\ufffd'],
  ])('%s', async (code, text) => {
    expect(await run(code)).toBe(text)
  })
})

describe.concurrent('errors name the line in the code, and nothing of the host', () => {
  test.each([
    ['let a = 1\nnull.x', 2, "TypeError: cannot read property 'x' of null (line 2)"],
    ['\n\nfoo(', 3, "SyntaxError: unexpected token in expression: '' (line 3)"],
    ['throw { code: 7 }', 0, 'Thrown: {"code":7}'],
    ['throw null', 0, 'Thrown: null'],
    ['1\nawait Promise.reject(new RangeError("far"))', 2, 'RangeError: far (line 2)'],
    ['Promise.reject(new TypeError("no"))', 1, 'TypeError: no (line 1)'],
    ['setTimeout(() => 1)', 1, "ReferenceError: 'setTimeout' is not defined (line 1)"],
    ['await new Promise(() => {})', 0, /^Error: the code awaits a promise that never settles/],
    ['console.log("before")\nmissing()', 2, "before\nReferenceError: 'missing' is not defined (line 2)"],
  ])('%s', async (code, line, message) => {
    const error = await failure(code)
    expect(error).toMatchObject({ reason: 'error', line })
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/node_modules|\.ts\b|\.js\b|file:/)
  })
})

describe.concurrent('what never ends is ended', () => {
  test.each([
    ['a loop', 'for (;;);'],
    ['a loop in a promise', 'Promise.resolve().then(() => { for (;;); })'],
    ['promises without end', '(async () => { for (;;) await null })()'],
    ['a loop that catches', 'try { for (;;); } catch {} finally { for (;;); }'],
    ['a regular expression', '/(a+)+$/.test("a".repeat(40) + "b")'],
    [
      'a getter while the error is described',
      'throw Object.defineProperty(new Error(), "message", { get() { for (;;); } })',
    ],
    ['a getter while the value is shown', '({ toJSON() { for (;;); } })'],
    ['one native operation after the other', 'const a = []; for (;;) a.push("x".repeat(1e6))'],
    ['a native operation', 'const a = Array(3e4).fill("x".repeat(1000)); for (;;) a.join("")'],
  ])('%s', async (_name, code) => {
    const start = performance.now()
    const error = await failure(code, { milliseconds: 300, memoryBytes: 2 ** 28 })
    expect(error.reason).toBe('time')
    expect(error.message).toBe('the code was stopped after 300 ms: it takes too long or never ends')
    // The rest is starting a worker, several of them at once.
    expect(performance.now() - start).toBeLessThan(8000)
  })
})

describe.concurrent('limits', () => {
  test.each([
    ['an array that grows', 'const a = []; for (;;) a.push({})'],
    [
      'a string that grows',
      'let s = "x"; const all = []; for (;;) all.push((s += "xxxxxxxxxxxxxxxx").slice())',
    ],
    ['buffers', 'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1))'],
    ['one that is too large', 'new Uint8Array(2e9)'],
  ])('memory: %s', async (_name, code) => {
    const error = await failure(code, { memoryBytes: 2 ** 22 })
    expect(error).toMatchObject({ reason: 'memory', message: 'the code needs more than 4 MiB' })
  })

  test('memory: what counts is what is allocated', async () => {
    const code = 'const a = []; for (;;) { a.push(new Uint8Array(1e6)); console.log(a.length) }'
    const error = await failure(code, { memoryBytes: 2 ** 22 })
    expect(error.reason).toBe('memory')
    // The engine's own 16 MiB can be used too.
    expect(error.console.split('\n').length).toBeLessThan(20)
  })

  test.each([
    ['recursion', 'const f = () => f(); f()'],
    ['deep data to JSON', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)'],
    ['deep JSON', 'JSON.parse("[".repeat(1e6))'],
    ['deep source', `${'('.repeat(40_000)}1`],
    ['a deep pattern', 'new RegExp("(".repeat(1e5))'],
  ])('the stack: %s', async (_name, code) => {
    const error = await failure(code)
    expect(error.reason).toBe('error')
    expect(error.message).toMatch(/stack overflow|too many|nested/)
  })

  test('recursion of a few hundred levels is possible', async () => {
    expect(await run('const sum = (n) => n === 0 ? 0 : n + sum(n - 1); sum(250)')).toBe('31375')
  })

  test('printed text and values are cut', async () => {
    const cut = '[cut: only 100 bytes are shown]'
    expect(await run('"\u00e9".repeat(1e6)', { outputBytes: 100 })).toBe(`${'\u00e9'.repeat(50)}\n${cut}`)
    expect(await run('for (let i = 0; i < 1e5; i++) console.log("line")', { outputBytes: 100 })).toBe(
      `${'line\n'.repeat(20)}${cut}`,
    )
    expect(await run('console.log("x".repeat(1e7)); 1', { outputBytes: 100 })).toBe(
      `${'x'.repeat(100)}\n${cut}\n1`,
    )
  })

  test('what was printed before the end is kept, even if the worker is killed', async () => {
    const error = await failure('console.log("so far"); const a = []; for (;;) a.push("x".repeat(1e6))', {
      milliseconds: 300,
      memoryBytes: 2 ** 28,
    })
    expect(error.console).toBe('so far')
    expect(error.message).toMatch(/^so far\nthe code was stopped/)
  })

  test('options must be in range', () => {
    expect(() => runJavaScript({ milliseconds: 0 })).toThrow(AgentOptionError)
    expect(() => runJavaScript({ workers: 1000 })).toThrow('workers')
  })

  test('code with a zero character is refused, and not run up to there', async () => {
    expect((await failure('console.log(1)\0 + 1')).message).toBe('SyntaxError: zero character in the code')
  })

  test('code has at most 100,000 characters', async () => {
    expect(await run(' '.repeat(100_001))).toMatch(/^code: /)
  })
})
