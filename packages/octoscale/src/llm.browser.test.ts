/** The embedded model in a browser tab gives the greedy text that transformers gives. */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import golden from '../../model/src/golden/octo-tiny-greedy.json' with { type: 'json' }
import { load } from './index.ts'

/** The golden prompts that are one question without system text and tools. */
const questions = golden.texts.flatMap(({ prompt, text }) => {
  const match = /^<｜begin▁of▁sentence｜><｜User｜>([^<]*)<｜Assistant｜><(\/?)think>$/.exec(prompt)
  return match === null ? [] : [{ question: match[1] as string, thinking: match[2] === '', text }]
})

test('octo-tiny in a page: the text of the reference', async () => {
  expect(questions.length).toBeGreaterThan(10)
  const llm = await load(octoTiny)
  expect(llm.info.backend.name).toBe('wasm')
  for (const { question, thinking, text } of questions) {
    const { thinking: thought, content } = await llm
      .chat({ messages: question, thinking, maxTokens: 200, temperature: 0 })
      .result()
    // The reference text keeps its markers, and ends early where two tokens are nearly equally likely.
    const expected = text.replace('</think>', '').replace('<｜end▁of▁sentence｜>', '')
    expect(`${thought}${content}`.startsWith(expected)).toBe(true)
  }
  llm.dispose()
})

test('a file path is no model in a page', async () => {
  await expect(load('file:///model')).rejects.toThrow(/there is no Node/)
})
