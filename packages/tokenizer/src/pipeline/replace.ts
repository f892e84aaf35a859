/** `Replace`, as a normalizer and as a decoder. */
import { asString, type JsonObject } from '../json.ts'
import { compilePattern } from './pattern.ts'

/**
 * Every match becomes `content` as it is. Unlike JavaScript, Oniguruma takes no empty match directly behind another match,
 * and nothing is found in an empty text.
 */
export function compileReplace(part: JsonObject, path: string): (text: string) => string {
  const pattern = compilePattern(part.pattern, `${path}.pattern`)
  const content = asString(part.content, `${path}.content`)
  return (text) => {
    if (text === '') return text
    let lastEnd = -1
    return text.replace(pattern, (match: string, at: number) => {
      if (match === '' && at === lastEnd) return ''
      lastEnd = at + match.length
      return content
    })
  }
}
