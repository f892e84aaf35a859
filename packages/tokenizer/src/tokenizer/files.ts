/** The files that `Tokenizer.fromFiles` reads. */
import { TokenizerFileError } from '../errors.ts'

/** The content of a text file, as text or as UTF-8. */
export type FileContent = string | Uint8Array

/** Files of a model, under the names that they have on disk. */
export interface TokenizerFiles {
  readonly 'tokenizer.json': FileContent
  readonly 'tokenizer_config.json'?: FileContent | undefined
  /** A chat template in a file of its own; it goes before one in the config. */
  readonly 'chat_template.jinja'?: FileContent | undefined
}

export function readText(content: FileContent | undefined, file: string): string {
  if (typeof content === 'string') return content
  if (!(content instanceof Uint8Array))
    throw new TokenizerFileError({ file, expected: 'given as text or as bytes', value: content })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch (cause) {
    throw new TokenizerFileError({ file, expected: 'UTF-8', value: `${content.length} bytes`, cause })
  }
}

export function readJson(content: FileContent | undefined, file: string): unknown {
  const text = readText(content, file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TokenizerFileError({ file, expected: 'JSON', value: text, cause })
  }
}
