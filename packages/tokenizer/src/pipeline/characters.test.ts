/**
 * Where JavaScript and the Rust library see characters in different classes: only characters that one of the two does not
 * know yet (Oniguruma of tokenizers 0.23.3 has Unicode 16), and U+0295, which Unicode 17 moved from Ll to Lo.
 */
import { describe, expect, test } from 'vitest'
import { readGolden } from '../testing/golden.ts'
import { NORMAL_FORMS, normalForm } from './normal-form.ts'
import { compileRegex } from './regex.ts'

const golden = readGolden('characters.json.gz') as {
  readonly classes: Readonly<Record<string, string>>
  /** For each form what becomes of the characters in `classes` of the same name, but Korean syllables. */
  readonly forms: Readonly<Record<string, string>>
}
const MOVED = [0x295]

/** Flags of the code points of a class, from "gap length" in base 36. */
function members(name: string): Uint8Array {
  const flags = new Uint8Array(0x110000)
  let at = 0
  const numbers = golden.classes[name]!.split(' ').map((digits) => Number.parseInt(digits, 36))
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const start = at + numbers[i]!
    at = start + numbers[i + 1]!
    flags.fill(1, start, at)
  }
  return flags
}

const isSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000
const unknownToLibrary = members('\\p{Cn}')
const patterns: Record<string, string> = { space: '\\s', spaces: '\\s', digits: '\\p{N}' }
/** As the pre-tokenizer Whitespace has it. */
const WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u

describe('classes', () => {
  const names = Object.keys(golden.classes).filter((name) => !/^NF|Cn/.test(name))
  test.each(names)('%s', (name) => {
    const inLibrary = members(name)
    const source = patterns[name] ?? name
    const regex = name === 'word' ? WORD : new RegExp(`^${compileRegex(source, 'p').source}$`, 'u')
    const wrong: string[] = []
    for (let code = 0; code < inLibrary.length; code++) {
      if (isSurrogate(code)) continue
      const character = String.fromCodePoint(code)
      if (regex.test(character) === (inLibrary[code] === 1)) continue
      const isNew = unknownToLibrary[code] === 1 || /\p{Cn}/u.test(character)
      if (!isNew && !MOVED.includes(code)) wrong.push(code.toString(16))
    }
    expect(wrong).toEqual([])
  })
})

describe('normal forms of single characters', () => {
  test.each(NORMAL_FORMS)('%s', (form) => {
    const changed = members(form)
    const results = golden.forms[form]!.split('\n')
    const wrong: string[] = []
    let at = 0
    for (let code = 0; code < changed.length; code++) {
      if (isSurrogate(code) || (code >= 0xac00 && code <= 0xd7a3)) continue
      const character = String.fromCodePoint(code)
      const expected = changed[code] === 1 ? results[at++] : character
      if (normalForm(character, form) !== expected && unknownToLibrary[code] === 0)
        wrong.push(code.toString(16))
    }
    expect(at).toBe(results.length - 1)
    expect(wrong).toEqual([])
  })
})
