/** The merges that SentencePiece's BPE does by the scores of tokens. */
import { PackedMerges } from '../cache/compact-model.ts'

/**
 * SentencePiece joins the two neighbours that make the token of the highest score, of equals the leftmost. So every way to cut
 * a token into two symbols is a merge, and its rank is the place of the token's score among all scores: merges of equal
 * scores have equal ranks. Symbols are characters that are tokens, and tokens that merges may make.
 *
 * @param tokens text by id
 * @param isPiece whether merges may make the token of an id: not control tokens, bytes and the unknown one
 * @returns merges in the order of rank
 */
export function scoreMerges(
  tokens: readonly string[],
  scores: Float64Array,
  isPiece: (id: number) => boolean,
): PackedMerges {
  const symbols = new Map<string, number>()
  for (const [id, token] of tokens.entries()) {
    if (isPiece(id) || isCharacter(token)) symbols.set(token, id)
  }
  const pieces: number[] = []
  for (const [id, token] of tokens.entries()) {
    if (isPiece(id) && token.length > 1 && !isCharacter(token)) pieces.push(id)
  }
  pieces.sort((a, b) => scores[b]! - scores[a]! || a - b)
  const triples: number[] = []
  const ranks: number[] = []
  let rank = -1
  let lastScore = Number.NaN
  for (const id of pieces) {
    if (scores[id] !== lastScore) rank++
    lastScore = scores[id]!
    const token = tokens[id]!
    for (let at = 1; at < token.length; at++) {
      const left = symbols.get(token.slice(0, at))
      const right = left === undefined ? undefined : symbols.get(token.slice(at))
      if (left === undefined || right === undefined) continue
      triples.push(left, right, id)
      ranks.push(rank)
    }
  }
  return new PackedMerges(Uint32Array.from(triples), Uint32Array.from(ranks))
}

function isCharacter(token: string): boolean {
  return token.length === 1 || (token.length === 2 && token.codePointAt(0)! > 0xffff)
}
