import { arithmeticDirect } from './tasks/arithmetic.ts'
import { chat } from './tasks/chat.ts'
import { copy, denseCopy } from './tasks/copy.ts'
import { heldOutFacts, numberFacts } from './tasks/facts.ts'
import { addSubThinking, productThinking } from './tasks/thinking-arithmetic.ts'
import { thinkingWithTools } from './tasks/thinking-with-tools.ts'
import { noTool, toolCall, toolDialog, toolOutput, twoCalls } from './tasks/tool-turns.ts'
import { unitConversion } from './tasks/units.ts'
import { wordProblem } from './tasks/word-problems.ts'
import type { TaskList } from './types.ts'

export interface MixEntry {
  readonly generate: TaskList
  /** Documents at scale 1; none repeats much within a run of 40 M tokens. */
  readonly count: number
  /** How often a document of the task is drawn. */
  readonly weight: number
  /** The same during the first part of training, where copying has to appear. */
  readonly copyPhaseWeight: number
}

const entry = (generate: TaskList, count: number, weight: number, copyPhaseWeight = weight): MixEntry => ({
  generate,
  count,
  weight,
  copyPhaseWeight,
})

export const mix: Readonly<Record<string, MixEntry>> = {
  'tool-call': entry(toolCall, 10_000, 1.8, 0.5),
  'two-calls': entry(twoCalls, 8_000, 1.2, 0.3),
  'no-tool': entry(noTool, 12_000, 3.0, 0.4),
  'tool-output': entry(toolOutput, 8_000, 0.7, 0.5),
  'tool-dialog': entry(toolDialog, 20_000, 1.7, 0.8),
  'add-sub-thinking': entry(addSubThinking, 32_000, 1.5, 1.0),
  'product-thinking': entry(productThinking, 12_000, 0.6, 0.3),
  'word-problems': entry(wordProblem, 32_000, 1.6, 0.8),
  'arithmetic-direct': entry(arithmeticDirect, 45_000, 0.8, 1.2),
  units: entry(unitConversion, 22_000, 2.0, 0.6),
  facts: entry(numberFacts, 22_000, 2.2, 0.6),
  'thinking-with-tools': entry(thinkingWithTools, 5_000, 0.3, 0.1),
  chat: entry(chat, 8_000, 0.6, 0.2),
  copy: entry(copy, 22_000, 0.3, 2.5),
  'dense-copy': entry(denseCopy, 26_000, 0.2, 4.0),
}

/** Rows of the evaluation and the share of right answers each has to reach. */
export const evaluationRows: Readonly<
  Record<string, { readonly generate: TaskList; readonly required: number }>
> = {
  'tool-call': { generate: toolCall, required: 0.97 },
  'two-calls': { generate: twoCalls, required: 0.95 },
  'no-tool': { generate: noTool, required: 0.9 },
  'tool-output': { generate: toolOutput, required: 0.97 },
  'add-sub-thinking': { generate: addSubThinking, required: 0.98 },
  'product-thinking': { generate: productThinking, required: 0.95 },
  'word-problems': { generate: wordProblem, required: 0.85 },
  'arithmetic-direct': { generate: arithmeticDirect, required: 0.9 },
  units: { generate: unitConversion, required: 0.95 },
  'facts-seen': { generate: numberFacts, required: 0.98 },
  'facts-held-out': { generate: heldOutFacts, required: 0.85 },
  copy: { generate: copy, required: 0.97 },
  'thinking-with-tools': { generate: thinkingWithTools, required: 0.95 },
  chat: { generate: chat, required: 0.95 },
}
