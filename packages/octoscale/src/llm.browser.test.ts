/** The embedded model in a browser tab gives the greedy text that transformers gives. */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { load } from './index.ts'
import { goldenQuestions } from './testing/golden-questions.ts'

test.each([
  ['wasm', goldenQuestions.length, 200],
  // Software WebGPU makes a few tokens in a second; webgpu.test.ts has more of them.
  ['webgpu', 1, 10],
] as const)('octo-tiny in a page on %s: the text of the reference', async (backend, count, maxTokens) => {
  expect(goldenQuestions.length).toBeGreaterThan(19)
  const llm = await load(octoTiny, { backend })
  expect(llm.info.backend.name).toBe(backend)
  for (const { question, thinking, text } of goldenQuestions.slice(0, count)) {
    const reply = await llm.chat({ messages: question, thinking, maxTokens, temperature: 0 }).result()
    const said = `${reply.thinking}${reply.content}`
    // The golden text may end early, and so may this one.
    const both = Math.min(said.length, text.length)
    expect(both).toBeGreaterThan(0)
    expect(said.slice(0, both)).toBe(text.slice(0, both))
    if (reply.finishReason === 'stop') expect(said.length).toBeGreaterThanOrEqual(text.length)
  }
  llm.dispose()
})

test('a file path is no model in a page', async () => {
  await expect(load('file:///model')).rejects.toThrow(/there is no Node/)
})
