/** Where the thinking of an answer begins and ends, by the markers of its chat format. */
import { OptionError, type ThinkingOptions } from '@octoscale/model'
import type { ChatFormat, ChatPrompt, TextCodec } from '@octoscale/tokenizer'

/** All formats that think write it between these. */
const BEGIN = '<think>'
const END = '</think>'

export interface ThinkingBlock {
  /** The prompt opens the block: the answer begins with thinking. */
  readonly open: boolean
  /** For the engine. */
  readonly options: ThinkingOptions
}

/**
 * Undefined for a format without thinking.
 *
 * @param budget tokens of thinking, after which the block is closed
 * @throws OptionError for a budget that a format cannot keep
 */
export function thinkingOf(
  tokenizer: TextCodec,
  format: ChatFormat,
  prompt: ChatPrompt,
  budget: number | undefined,
): ThinkingBlock | undefined {
  const has = (marker: string): boolean =>
    format.controlTokens.includes(marker) && tokenizer.idOf(marker) !== undefined
  if (!has(BEGIN) || !has(END)) {
    if (budget === undefined) return undefined
    const expected = `left out: the format ${format.name} has no thinking`
    throw new OptionError({ option: 'thinkingBudget', expected, got: budget })
  }
  const open = prompt.segments.findLast(({ control }) => control)?.text === BEGIN
  const [start, end] = [tokenizer.idOf(BEGIN), tokenizer.idOf(END)] as [number, number]
  return { open, options: { end, limit: budget, ...(open ? {} : { start }) } }
}

/** Whether a token that the engine counts to thinking is one of the markers around it. */
export function isThinkingMarker({ options }: ThinkingBlock, id: number): boolean {
  return id === options.end || id === options.start
}
