/** Fill-in-the-middle of DeepSeek V3 and V3.1. */
import { MARKERS } from '../chat/markers.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import type { FillInMiddle } from './format.ts'

const BEGIN = '<｜fim▁begin｜>'
const HOLE = '<｜fim▁hole｜>'
const END = '<｜fim▁end｜>'

/** The control tokens that it takes. */
export const deepseekFimTokens: readonly string[] = [BEGIN, HOLE, END]

/** Prefix, hole, suffix: the order in which the model was trained (technical report of V3, 4.1). */
export function writeDeepseekFim({ prefix, suffix }: FillInMiddle): ChatSegment[] {
  const writer = new SegmentWriter()
  writer.control(MARKERS.beginOfSentence)
  writer.control(BEGIN)
  writer.plain(prefix)
  writer.control(HOLE)
  writer.plain(suffix)
  writer.control(END)
  return writer.finish()
}
