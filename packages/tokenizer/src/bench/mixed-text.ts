/** Text of many kinds for measurements: prose of several scripts with words as frequent as in languages, code, numbers. */

/** A generator of numbers in [0, 1): Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Syllables from which the words of a script are made, and what stands between words. */
const SCRIPTS: readonly { readonly syllables: string; readonly space: string; readonly stop: string }[] = [
  { syllables: 'the an in er on re at en ti st or al is ing ed ion con pro ly ment', space: ' ', stop: '. ' },
  { syllables: 'ein der sch ich ge ver ung keit ü ß ö lich be ter', space: ' ', stop: '. ' },
  { syllables: 'при ст но ва ко ра ть ни ени ого про на', space: ' ', stop: '. ' },
  { syllables: '的 一 是 不 了 在 人 有 我 他 这 中 大 来 上 国 模 型 数 据', space: '', stop: '。' },
  { syllables: 'の に は を た が で て と し れ さ ある いる する カ タ ナ', space: '', stop: '。' },
  { syllables: 'ال في من على كت اب مع لم ين', space: ' ', stop: '، ' },
  { syllables: 'का के में है की से को न मा रा', space: ' ', stop: '। ' },
  { syllables: '이 다 는 에 을 하 고 가 로 도 한 국', space: ' ', stop: '. ' },
]

const WORDS = 20_000

/** @returns text of at least `bytes` bytes of UTF-8, half of it English and code; the same for the same seed */
export function mixedText(bytes: number, seed = 1): string {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const vocabularies = SCRIPTS.map(({ syllables }) => {
    const parts = syllables.split(' ')
    return Array.from({ length: WORDS }, () =>
      Array.from({ length: 1 + below(4) }, () => parts[below(parts.length)]!).join(''),
    )
  })
  /** Word n is drawn with a probability near 1 / n, as in languages. */
  const word = (script: number) => vocabularies[script]![Math.floor(WORDS ** random()) - 1]!
  const sentence = (script: number): string => {
    const { space, stop } = SCRIPTS[script]!
    const words = Array.from({ length: 4 + below(16) }, () =>
      below(30) === 0 ? String(below(100_000)) : word(script),
    )
    const text = words.join(space)
    return (script === 0 && text !== '' ? text[0]!.toUpperCase() + text.slice(1) : text) + stop
  }
  const code = (): string => {
    const [a, b, c] = [word(0), word(0), word(0)]
    return `  if (${a}.${b}[${below(100)}] !== ${c}) {\n    return ${b}_${a}(${c}, "${word(0)}", ${random().toFixed(below(8))})\n  }\n`
  }
  const parts: string[] = []
  let length = 0
  const utf8 = new TextEncoder()
  while (length < bytes) {
    const kind = below(10)
    const script = kind < 3 ? 0 : kind < 9 ? below(SCRIPTS.length) : -1
    const paragraph = Array.from({ length: 3 + below(6) }, () =>
      script < 0 ? code() : sentence(script),
    ).join('')
    const part = below(40) === 0 ? `${paragraph}😀👍🏽\n\n` : `${paragraph}\n\n`
    parts.push(part)
    length += utf8.encode(part).length
  }
  return parts.join('')
}
