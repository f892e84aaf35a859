/** What the tests of the engine share: models, requests, and what they say alone. */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import type { Backend } from '@octoscale/tensor'
import { expect } from 'vitest'
import { createEngine, type EngineOptions } from '../engine/engine.ts'
import type { EngineEvent, EngineRequest, FinishEvent, TokenEvent } from '../engine/request.ts'
import type { Model } from '../model.ts'

export const backends: readonly { name: string; create: () => Promise<Backend> }[] = [
  { name: 'reference', create: async () => createReferenceBackend() },
  { name: 'wasm', create: createWasmBackend },
]

export interface Said {
  readonly ids: number[]
  readonly text: string
  readonly tokens: TokenEvent[]
  readonly finish: FinishEvent
}

/** Everything that comes out of a request. */
export async function collect(events: AsyncIterable<EngineEvent>): Promise<Said> {
  const tokens: TokenEvent[] = []
  let finish: FinishEvent | undefined
  for await (const event of events) {
    if (event.type === 'token') tokens.push(event)
    else if (event.type === 'finish') finish = event
  }
  if (finish === undefined) return expect.fail('no finish event')
  const text = tokens.map((token) => token.text).join('') + finish.text
  return { ids: tokens.map(({ id }) => id), text, tokens, finish }
}

/** The same request in an engine of its own, without reuse, drafts or neighbours. */
export async function sayAlone(
  model: Model,
  request: EngineRequest,
  options: EngineOptions = {},
): Promise<Said> {
  const engine = createEngine(model, { reusePrefixes: false, ...options, maxSequences: 1 })
  try {
    return await collect(engine.submit(request))
  } finally {
    engine.dispose()
  }
}

/** Repeatable numbers in 0 .. limit - 1. */
export function randomIntegers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
