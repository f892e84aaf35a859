/** The models that tokenizer.json may name. */
import { asObject, asOneOf } from '../json.ts'
import { ByteBpe } from './byte-bpe.ts'
import type { Model } from './model.ts'
import { TextBpe } from './text-bpe.ts'
import { Unigram } from './unigram.ts'
import { WordPiece } from './word-piece.ts'

/** @param hasBytes pieces would come with their bytes written as characters, and tokens are decoded as such */
export function readModel(json: unknown, hasBytes: boolean): Model {
  const model = asObject(json, 'model')
  // Old files do not name the type.
  const type = asOneOf(model.type ?? 'BPE', 'model.type', ['BPE', 'WordPiece', 'Unigram'])
  if (type === 'WordPiece') return new WordPiece(model)
  if (type === 'Unigram') return new Unigram(model)
  const marksWords = Boolean(model.continuing_subword_prefix) || Boolean(model.end_of_word_suffix)
  return hasBytes && !marksWords ? new ByteBpe(model) : new TextBpe(model)
}
