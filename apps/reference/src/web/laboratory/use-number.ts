import { useRef } from 'preact/hooks'
import { NumberTextError } from './errors.ts'
import { type ParsedNumber, parseNumber } from './parse-number.ts'
import { startText } from './url-state.ts'

export interface ReadNumber {
  /** The number of the text, or of the last text that was one. */
  readonly number: ParsedNumber
  /** The text that `number` is of. */
  readonly text: string
  /** Why the text is no number, for people. */
  readonly problem: string | undefined
}

/** The number that a text means. Half-typed texts leave the number as it was; in the beginning it is that of `startText`. */
export function useNumber(text: string): ReadNumber {
  const last = useRef<{ text: string; number: ParsedNumber } | undefined>(undefined)
  last.current ??= { text: startText, number: parseNumber(startText) }
  if (last.current.text === text) return { ...last.current, problem: undefined }
  try {
    last.current = { text, number: parseNumber(text) }
    return { ...last.current, problem: undefined }
  } catch (error) {
    if (!(error instanceof NumberTextError)) throw error
    return { ...last.current, problem: error.reason }
  }
}
