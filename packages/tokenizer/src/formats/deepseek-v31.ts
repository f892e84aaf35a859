/** DeepSeek-V3.1: the renderer and parser of `src/chat`, and fill-in-the-middle. */
import { MARKERS } from '../chat/markers.ts'
import { createChatParser } from '../chat/parser.ts'
import { renderChatSegments } from '../chat/render.ts'
import { SegmentWriter } from '../chat/segments.ts'
import { type ChatFormat, defineFormat, type FillInMiddle } from './format.ts'

const FIM_BEGIN = '<｜fim▁begin｜>'
const FIM_HOLE = '<｜fim▁hole｜>'
const FIM_END = '<｜fim▁end｜>'

/** Prefix completion is `{ role: 'assistant', prefix: true }` as the last message with `continueFinalMessage`. */
export const deepseekV31: ChatFormat = defineFormat({
  name: 'deepseek-v3.1',
  controlTokens: [...Object.values(MARKERS), FIM_BEGIN, FIM_HOLE, FIM_END],
  renderSegments: renderChatSegments,
  parser: createChatParser,
  fillInMiddle: writeFillInMiddle,
})

/** Prefix, hole, suffix: the order in which the model was trained (technical report of V3, 4.1). */
function writeFillInMiddle({ prefix, suffix }: FillInMiddle): ReturnType<SegmentWriter['finish']> {
  const writer = new SegmentWriter()
  writer.control(MARKERS.beginOfSentence)
  writer.control(FIM_BEGIN)
  writer.plain(prefix)
  writer.control(FIM_HOLE)
  writer.plain(suffix)
  writer.control(FIM_END)
  return writer.finish()
}
