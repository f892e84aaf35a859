/** The embedded model says on WebGPU what it says on the definition of the operations. */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import golden from '../../model/src/golden/octo-tiny-greedy.json' with { type: 'json' }
import { createBackend } from './backend.ts'
import { DeviceError, type Llm, load } from './index.ts'
import { goldenQuestions } from './testing/golden-questions.ts'

test('octo-tiny: the greedy text of reference on 20 prompts', async (context) => {
  const made = await createBackend('webgpu').catch((error: unknown) => error)
  if (made instanceof DeviceError) return context.skip(made.message)
  if (made instanceof Error) throw made
  const { backend } = made as Awaited<ReturnType<typeof createBackend>>
  const webgpu = await load(octoTiny, { backend })
  const reference = await load(octoTiny, { backend: 'reference' })

  // Greedy decoding takes the largest logit at each place. If both take the same one after every prefix of the text, then
  // both write the text; and one pass over all of it is far less work than a pass for each token.
  const texts = golden.texts
    .filter(({ end }) => end === 'stop')
    .toSorted((a, b) => a.ids.length + a.generated.length - b.ids.length - b.generated.length)
    .slice(0, 20)
  expect(texts).toHaveLength(20)
  for (const { ids, generated, prompt } of texts) {
    const all = [...ids, ...generated.slice(0, -1)]
    expect(await largest(webgpu, all, ids.length - 1), prompt).toEqual(generated)
    expect(await largest(reference, all, ids.length - 1), prompt).toEqual(generated)
  }

  // Token by token is another path through the kernels.
  for (const { question, thinking, text } of goldenQuestions.slice(0, 2)) {
    const reply = await webgpu.chat({ messages: question, thinking, maxTokens: 6, temperature: 0 }).result()
    expect(reply.usage.completionTokens).toBeGreaterThan(4)
    expect(text).toContain(`${reply.thinking}${reply.content}`)
  }
  webgpu.dispose()
  reference.dispose()
  backend.dispose()
}, 600_000)

/** The most likely next token after each of `ids` from `start` on. */
async function largest(llm: Llm, ids: readonly number[], start: number): Promise<number[]> {
  const logits = await llm.forward(ids)
  const vocabulary = logits.length / ids.length
  return Array.from({ length: ids.length - start }, (_, i) => {
    const row = logits.subarray((start + i) * vocabulary, (start + i + 1) * vocabulary)
    return row.indexOf(Math.max(...row))
  })
}
