/** `pattern` of Split and Replace: `{ "String": ... }` or `{ "Regex": ... }`. */
import { asObject, asString } from '../json.ts'
import { compileLiteral, compileRegex } from './regex.ts'

export function compilePattern(json: unknown, path: string): RegExp {
  const source = asObject(json, path)
  return source.String === undefined
    ? compileRegex(asString(source.Regex, `${path}.Regex`), `${path}.Regex`)
    : compileLiteral(asString(source.String, `${path}.String`))
}
