import { describe, expect, test } from 'vitest'
import { callTool } from '../testing/call-tool.ts'
import { runJavaScript } from './run-javascript.ts'

const run = (code: string): Promise<string> =>
  callTool(runJavaScript(), { code }).catch((error: Error) => `failed: ${error.message}`)

/** What a host would have and a bare engine does not. */
const hostNames = [
  'process',
  'require',
  'module',
  'global',
  'Buffer',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'Worker',
  'WebAssembly',
  'postMessage',
  'self',
  'window',
  'document',
  'navigator',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'importScripts',
  'Deno',
  'Bun',
  'std',
  'os',
  'scriptArgs',
  'print',
  'gc',
  'Atomics',
  'SharedArrayBuffer',
  'structuredClone',
  'performance',
  'crypto',
]

describe.concurrent('code in the sandbox', () => {
  test('sees the language, and console', async () => {
    const found = (await run('Object.getOwnPropertyNames(globalThis).join(" ")')).split(' ')
    expect(found).toContain('console')
    expect(found).toContain('Array')
    expect(found.filter((name) => hostNames.includes(name))).toEqual([])
    const types = await run(`[${hostNames.map((name) => `typeof ${name}`).join(',')}].join(' ')`)
    expect(new Set(types.split(' '))).toEqual(new Set(['undefined']))
  })

  test.each([
    ['the constructor of a constructor', '({}).constructor.constructor("return typeof process")()'],
    ['Function', 'Function("return typeof process")()'],
    ['indirect eval', '(0, eval)("typeof process")'],
    ['the this of a sloppy function', '(function () { return typeof this.process })()'],
    ['the constructor of console.log', 'console.log.constructor("return typeof process")()'],
    ['an async constructor', '(async () => {}).constructor("return typeof process")()'],
    ['a generator constructor', '(function* () {}).constructor("yield typeof process")().next().value'],
    [
      'the error of a stack overflow',
      'let e; const f = () => { try { f() } catch (x) { e ??= x } }; f(); e.constructor.constructor("return typeof process")()',
    ],
    [
      'a symbol species',
      'class A extends Array { static get [Symbol.species]() { return Function } }; typeof process',
    ],
  ])('finds no host through %s', async (_name, code) => {
    expect(await run(code)).toBe('undefined')
  })

  test.each([
    ['import("node:fs")'],
    ['await import("fs")'],
    ['import("data:text/javascript,1")'],
    ['import("./execute.ts")'],
  ])('loads no module: %s', async (code) => {
    expect(await run(code)).toMatch(/^failed: ReferenceError: could not load module/)
  })

  test('has no import statement', async () => {
    expect(await run('import fs from "node:fs"')).toMatch(/^failed: SyntaxError/)
  })

  test('finds no functions in the frames of a stack', async () => {
    expect(
      await run('Error.prepareStackTrace = (e, s) => typeof s[0].getFunction; new Error("x").stack'),
    ).not.toBe('function')
    expect(await run('(function f() { return f.caller })()')).toMatch(/^(failed: TypeError|null|undefined)/)
  })

  test('fools only itself by changing what values are made of', async () => {
    const traps = [
      'Object.prototype.toJSON = () => "trap"; ({ a: 1 })',
      'JSON.stringify = () => { throw 1 }; ({ a: 1 })',
      'Array.prototype.push = Array.prototype.join = () => { throw 1 }; console.log(1, 2); 3',
      'String.prototype.slice = () => "trap"; "x".repeat(1e5)',
      'Object.defineProperty(Object.prototype, "value", { get: () => "trap", set() {} }); 5',
      'Object.defineProperty(Object.prototype, "then", { get() { throw new Error("trap") } }); ({ a: 1 })',
      'Promise.prototype.then = () => "trap"; await 3',
      'Error.prototype.toString = () => "trap"; new Error("a")',
      'throw new Proxy(new Error("a"), { get() { throw new Error("trap") } })',
      'new Proxy({}, { get() { throw new Error("trap") }, ownKeys() { throw new Error("trap") } })',
      'const e = new Error("a"); e.stack = "at code.js:99999999999999999999:1"; throw e',
      'const e = new Error("a"); e.name = { toString() { throw 1 } }; throw e',
      'class E extends Error { get message() { return { toString: () => ({}) } } }; throw new E()',
      'globalThis.console = null; delete globalThis.JSON; 1',
      'globalThis.undefined = 1; globalThis.Error = null; null.x',
    ]
    const before = Object.keys(Object.prototype)
    for (const code of traps) {
      const text = await run(code)
      expect(typeof text).toBe('string')
      expect(text.length).toBeLessThan(17_000)
    }
    expect(Object.keys(Object.prototype)).toEqual(before)
    expect(await run('JSON.stringify({ a: [1] })')).toBe('{"a":[1]}')
  })

  test('leaves nothing for the next call', async () => {
    const tool = runJavaScript()
    await callTool(tool, { code: 'globalThis.left = 1; Array.prototype.left = 2; var kept = 3' })
    expect(await callTool(tool, { code: 'typeof left + typeof [].left + typeof kept' })).toBe(
      'undefinedundefinedundefined',
    )
  })
})
