/** What octo-tiny is asked in tests, with the greedy text of transformers (tooling/fixtures/model/make_octo_tiny.py). */
import golden from '../../../model/src/golden/octo-tiny-greedy.json' with { type: 'json' }

export interface GoldenQuestion {
  readonly question: string
  readonly thinking: boolean
  /** Thinking and answer without markers. It ends early where two tokens are nearly equally likely. */
  readonly text: string
}

/** The golden prompts that are one question without system text and tools, shortest first. */
export const goldenQuestions: readonly GoldenQuestion[] = golden.texts
  .flatMap(({ prompt, text }) => {
    const match = /^<｜begin▁of▁sentence｜><｜User｜>([^<]*)<｜Assistant｜><(\/?)think>$/.exec(prompt)
    if (match === null) return []
    const said = text.replace('</think>', '').replace('<｜end▁of▁sentence｜>', '')
    return [{ question: match[1] as string, thinking: match[2] === '', text: said }]
  })
  .sort((a, b) => a.question.length - b.question.length)
