import { afterEach, expect, it, vi } from 'vitest'
import { nextTask } from './event-loop.ts'

afterEach(() => vi.unstubAllGlobals())

it.each(['setImmediate', 'MessageChannel'])(
  'lets a message that is already waiting go first (%s)',
  async (way) => {
    if (way === 'MessageChannel') vi.stubGlobal('setImmediate', undefined)
    const { port1, port2 } = new MessageChannel()
    let heard = false
    port1.onmessage = () => {
      heard = true
      port1.close()
    }
    port2.postMessage('click')
    for (let tries = 0; tries < 50 && !heard; tries++) await nextTask()
    expect(heard).toBe(true)
  },
)
