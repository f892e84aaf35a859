import { UnsupportedTokenizerError } from '../errors.ts'
import type { JsonObject } from '../json.ts'

export function compilePrecompiled(part: JsonObject, path: string): (text: string) => string {
  throw new UnsupportedTokenizerError({
    path: `${path}.type`,
    value: part.type,
    expected: 'another normalizer',
  })
}
