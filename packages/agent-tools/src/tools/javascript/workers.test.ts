import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { callTool } from '../testing/call-tool.ts'
import { runJavaScript } from './run-javascript.ts'

/** Ports to workers that keep this process busy. */
const ports = (): number =>
  process.getActiveResourcesInfo().filter((kind) => /worker|messageport/i.test(kind)).length

test('a call holds a worker while it runs, and no longer', async () => {
  const tool = runJavaScript({ milliseconds: 300 })
  const before = ports()
  const running = callTool(tool, { code: 'for (;;);' }).catch((error: Error) => error.message)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(ports()).toBe(before + 1)
  expect(await running).toMatch(/^the code was stopped/)
  expect(ports()).toBe(before)
})

test('eight calls at once give their own results, two at a time, and leave nothing behind', async () => {
  const tool = runJavaScript({ milliseconds: 5000, workers: 2 })
  const before = ports()
  const codes = Array.from({ length: 8 }, (_, index) =>
    index % 5 === 4 ? `throw new Error('${index}')` : `console.log('${index}'); ${index} * ${index}`,
  )
  const running = codes.map((code) => callTool(tool, { code }).catch((error: Error) => error.message))
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, ports() - before)
  }, 5)
  const texts = await Promise.all(running)
  clearInterval(watch)
  expect(texts).toEqual(
    codes.map((_, index) => (index % 5 === 4 ? `Error: ${index} (line 1)` : `${index}\n${index * index}`)),
  )
  expect(most).toBe(2)
  expect(ports()).toBe(before)
})

describe('an abort', () => {
  test('before the call, while the engine loads, and while the code runs', async () => {
    const tool = runJavaScript({ milliseconds: 20_000 })
    const before = ports()
    for (const delay of [0, 1, 20, 400]) {
      const controller = new AbortController()
      const reason = new DOMException(`after ${delay} ms`, 'AbortError')
      if (delay === 0) controller.abort(reason)
      else setTimeout(() => controller.abort(reason), delay)
      const start = performance.now()
      await expect(callTool(tool, { code: 'for (;;);' }, controller.signal)).rejects.toBe(reason)
      expect(performance.now() - start).toBeLessThan(delay + 3000)
    }
    expect(ports()).toBe(before)
  })

  test('of a call that waits for its turn leaves the others alone', async () => {
    const tool = runJavaScript({ milliseconds: 1000, workers: 1 })
    const controller = new AbortController()
    const first = callTool(tool, { code: '1' })
    const second = callTool(tool, { code: '2' }, controller.signal)
    const third = callTool(tool, { code: '3' })
    controller.abort(new DOMException('enough', 'AbortError'))
    await expect(second).rejects.toThrow('enough')
    expect(await Promise.all([first, third])).toEqual(['1', '3'])
  })
})

test('a program ends by itself after a call, and prints nothing of the engine', () => {
  const source = resolve(import.meta.dirname, 'run-javascript.ts')
  const program = `
    import { runJavaScript } from ${JSON.stringify(source)}
    const tool = runJavaScript({ milliseconds: 200 })
    const context = { signal: new AbortController().signal, call: { id: '', name: '', arguments: '' } }
    console.log(await tool.execute({ code: 'console.log("inner"); 6 * 7' }, context))
    console.log(await tool.execute({ code: 'for (;;);' }, context).catch((error) => error.reason))`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '--disable-warning=ExperimentalWarning', '-'],
    { input: program, encoding: 'utf8', timeout: 30_000 },
  )
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'inner\n42\ntime\n', stderr: '' })
})
