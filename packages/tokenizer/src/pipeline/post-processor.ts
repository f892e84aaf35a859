/** The post-processor of tokenizer.json: ids put before and behind those of one text. Offsets, which it may trim, are not its matter here. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asId, asObject, asOneOf, asString } from '../json.ts'

/** Ids of a text to ids with begin and end tokens. */
export type PostProcess = (ids: readonly number[]) => number[]

/** Compiles `post_processor`: null, TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, or a Sequence. */
export function compilePostProcessor(json: unknown, path = 'post_processor', depth = 0): PostProcess {
  if (json == null) return (ids) => [...ids]
  const part = asObject(json, path)
  const type = asOneOf(part.type, `${path}.type`, [
    'ByteLevel',
    'BertProcessing',
    'RobertaProcessing',
    'TemplateProcessing',
    'Sequence',
  ])
  switch (type) {
    case 'ByteLevel':
      return (ids) => [...ids]
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const [begin, end] = [readToken(part.cls, `${path}.cls`), readToken(part.sep, `${path}.sep`)]
      return (ids) => [begin, ...ids, end]
    }
    case 'TemplateProcessing':
      return compileTemplate(part.single, part.special_tokens, path)
    case 'Sequence': {
      if (depth > 8) throw new UnsupportedTokenizerError({ path, value: part, expected: 'a shallow list' })
      const list = asArray(part.processors, `${path}.processors`)
      const steps = list.map((item, i) => compilePostProcessor(item, `${path}.processors[${i}]`, depth + 1))
      return (ids) => steps.reduce((current, step) => step(current), [...ids])
    }
  }
}

/** A pair `[token, id]`. */
function readToken(value: unknown, path: string): number {
  const [token, id] = asArray(value, path)
  asString(token, `${path}[0]`)
  return asId(id, `${path}[1]`)
}

/** `single`: a list of `{ Sequence: { id: "A" } }` and `{ SpecialToken: { id: name } }`; the names are in `special_tokens`. */
function compileTemplate(single: unknown, specialTokens: unknown, path: string): PostProcess {
  const named = asObject(specialTokens ?? {}, `${path}.special_tokens`)
  const pieces = asArray(single, `${path}.single`).map((item, index): readonly number[] | 'text' => {
    const at = `${path}.single[${index}]`
    const piece = asObject(item, at)
    if (piece.Sequence !== undefined) {
      asOneOf(asObject(piece.Sequence, `${at}.Sequence`).id, `${at}.Sequence.id`, ['A'])
      return 'text'
    }
    const name = asString(asObject(piece.SpecialToken, `${at}.SpecialToken`).id, `${at}.SpecialToken.id`)
    const tokenPath = `${path}.special_tokens[${JSON.stringify(name)}]`
    const entry = asObject(Object.hasOwn(named, name) ? named[name] : undefined, tokenPath)
    return asArray(entry.ids, `${tokenPath}.ids`).map((id, i) => asId(id, `${tokenPath}.ids[${i}]`))
  })
  return (ids) => pieces.flatMap((piece) => (piece === 'text' ? ids : piece))
}
