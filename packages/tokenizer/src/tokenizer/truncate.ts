/** Cutting off what is too long. */
import { TokenizerOptionError } from '../errors.ts'

export interface TruncationOptions {
  /**
   * Largest number of ids, 0 or more, begin and end tokens included: of those none is cut off. Default: all. Characters may
   * be cut in their middle.
   */
  readonly maxTokens?: number | undefined
  /** Which end is cut off. Default 'right': the beginning stays. */
  readonly truncationSide?: 'left' | 'right' | undefined
}

/** The range [start, end) of `length` ids that stays. @throws TokenizerOptionError */
export function keptRange(length: number, options: TruncationOptions): readonly [start: number, end: number] {
  const { maxTokens = Number.POSITIVE_INFINITY, truncationSide = 'right' } = options
  if (!(maxTokens >= 0) || (maxTokens !== Number.POSITIVE_INFINITY && !Number.isInteger(maxTokens)))
    throw new TokenizerOptionError({
      option: 'maxTokens',
      expected: 'a whole number from 0',
      value: maxTokens,
    })
  if (truncationSide !== 'left' && truncationSide !== 'right')
    throw new TokenizerOptionError({
      option: 'truncationSide',
      expected: 'left or right',
      value: truncationSide,
    })
  if (length <= maxTokens) return [0, length]
  return truncationSide === 'right' ? [0, maxTokens] : [length - maxTokens, length]
}

/**
 * How many ids of the text there is room for beside `added` special tokens.
 *
 * @param copies how often the text stands between them
 * @throws TokenizerOptionError if there is no room for the special tokens
 */
export function roomFor(maxTokens: number, added: number, copies: number): number {
  if (maxTokens < added)
    throw new TokenizerOptionError({
      option: 'maxTokens',
      expected: `at least ${added}, with addSpecialTokens`,
      value: maxTokens,
    })
  // What is no whole number `keptRange` refuses.
  return copies === 1 || !Number.isInteger(maxTokens)
    ? maxTokens - added
    : Math.floor((maxTokens - added) / copies)
}
