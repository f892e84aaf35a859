/**
 * DeepSeek-V3.1: the renderer and parser of `src/chat`, and fill-in-the-middle.
 *
 * The model also has tokens around search queries. How its makers wrap queries and results is not public: nothing is
 * rendered with them, and in messages and output they are text.
 */
import { MARKERS } from '../chat/markers.ts'
import { createChatParser } from '../chat/parser.ts'
import { renderChatSegments } from '../chat/render.ts'
import { deepseekFimTokens, writeDeepseekFim } from './deepseek-fim.ts'
import { type ChatFormat, defineFormat } from './format.ts'

const SEARCH_TOKENS = ['<｜search▁begin｜>', '<｜search▁end｜>']

/** Prefix completion is `{ role: 'assistant', prefix: true }` as the last message with `continueFinalMessage`. */
export const deepseekV31: ChatFormat = defineFormat({
  name: 'deepseek-v3.1',
  controlTokens: [...Object.values(MARKERS), ...deepseekFimTokens, ...SEARCH_TOKENS],
  renderSegments: renderChatSegments,
  parser: createChatParser,
  fillInMiddle: writeDeepseekFim,
})
