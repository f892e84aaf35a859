/** The pre-tokenizer of tokenizer.json: text to the pieces that BPE works in. */
import { UnsupportedTokenizerError } from './errors.ts'
import { asArray, asBoolean, asObject, asOneOf, asString, type JsonObject } from './json.ts'
import { compileLiteral, compileRegex } from './regex.ts'
import { SPLIT_BEHAVIORS, splitText } from './split.ts'

/** Appends the pieces of one text to `out`. */
type Step = (text: string, out: string[]) => void

/** The pattern of `ByteLevel` with `use_regex`, from GPT-2. */
const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/**
 * Compiles `pre_tokenizer`: Split and Digits in any number, then one ByteLevel. ByteLevel's own step, writing bytes as
 * characters, is not done here: the model works on bytes.
 */
export function compilePreTokenizer(json: unknown): (text: string) => readonly string[] {
  const steps: Step[] = []
  const parts = flatten(json, 'pre_tokenizer', 0)
  for (const [index, [part, path]] of parts.entries()) {
    const isLast = index === parts.length - 1
    const type = asOneOf(part.type, `${path}.type`, isLast ? ['ByteLevel'] : ['Split', 'Digits'])
    if (type === 'Split') steps.push(compileSplit(part, path))
    else if (type === 'Digits') steps.push(compileDigits(part, path))
    else steps.push(...compileByteLevel(part, path))
  }
  return (text) => {
    let pieces: string[] = [text]
    for (const step of steps) {
      const next: string[] = []
      for (const piece of pieces) step(piece, next)
      pieces = next
    }
    return pieces
  }
}

function flatten(json: unknown, path: string, depth: number): [JsonObject, string][] {
  const part = asObject(json, path)
  if (part.type !== 'Sequence') return [[part, path]]
  const list = asArray(part.pretokenizers, `${path}.pretokenizers`)
  if (depth > 8 || list.length === 0) {
    throw new UnsupportedTokenizerError({
      path,
      value: part,
      expected: 'a short list that ends in ByteLevel',
    })
  }
  return list.flatMap((item, index) => flatten(item, `${path}.pretokenizers[${index}]`, depth + 1))
}

function compileSplit(part: JsonObject, path: string): Step {
  const source = asObject(part.pattern, `${path}.pattern`)
  const pattern =
    source.String === undefined
      ? compileRegex(asString(source.Regex, `${path}.pattern.Regex`), `${path}.pattern.Regex`)
      : compileLiteral(asString(source.String, `${path}.pattern.String`))
  const behavior = asOneOf(part.behavior, `${path}.behavior`, SPLIT_BEHAVIORS)
  const invert = asBoolean(part.invert, `${path}.invert`, false)
  return (text, out) => splitText(text, pattern, behavior, invert, out)
}

function compileDigits(part: JsonObject, path: string): Step {
  const individual = asBoolean(part.individual_digits, `${path}.individual_digits`, false)
  const pattern = /\p{N}/gu
  return (text, out) => splitText(text, pattern, individual ? 'Isolated' : 'Contiguous', false, out)
}

function compileByteLevel(part: JsonObject, path: string): Step[] {
  const steps: Step[] = []
  if (asBoolean(part.add_prefix_space, `${path}.add_prefix_space`, true)) {
    steps.push((text, out) => out.push(text.startsWith(' ') ? text : ` ${text}`))
  }
  if (asBoolean(part.use_regex, `${path}.use_regex`, true)) {
    const pattern = compileRegex(GPT2_PATTERN, path)
    steps.push((text, out) => splitText(text, pattern, 'Isolated', false, out))
  }
  return steps
}
