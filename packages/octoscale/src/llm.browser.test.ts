/** The embedded model in a browser tab gives the greedy text that transformers gives. */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { load } from './index.ts'
import { goldenQuestions } from './testing/golden-questions.ts'

test.each([
  ['wasm', goldenQuestions.length],
  ['webgpu', 3],
] as const)('octo-tiny in a page on %s: the text of the reference', async (backend, count) => {
  expect(goldenQuestions.length).toBeGreaterThan(19)
  const llm = await load(octoTiny, { backend })
  expect(llm.info.backend.name).toBe(backend)
  for (const { question, thinking, text } of goldenQuestions.slice(0, count)) {
    const { thinking: thought, content } = await llm
      .chat({ messages: question, thinking, maxTokens: 200, temperature: 0 })
      .result()
    expect(`${thought}${content}`.startsWith(text)).toBe(true)
  }
  llm.dispose()
})

test('a file path is no model in a page', async () => {
  await expect(load('file:///model')).rejects.toThrow(/there is no Node/)
})
