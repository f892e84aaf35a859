import { AgentOptionError } from '../../errors.ts'
import { limit } from '../../limit.ts'
import type { SourceDocument } from '../documents/document-index.ts'
import { readFileText } from './file-text.ts'
import { FileContentError, PathError } from './path-error.ts'
import { RootFolder } from './root-folder.ts'
import { walk } from './walk.ts'

export interface ReadDocumentsOptions {
  /** Default: `.md` and `.txt`. */
  readonly extensions?: readonly string[]
  /** Largest file, in bytes. Default: 1 MiB. */
  readonly maxBytes?: number
  /** Most documents. Default: 2000. */
  readonly maxDocuments?: number
  /** Also names that begin with a dot. Default: no. */
  readonly hidden?: boolean
  readonly signal?: AbortSignal
}

export interface ReadDocuments {
  readonly documents: readonly SourceDocument[]
  /** Files that were left out, and why. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[]
}

const depth = 16
const maxEntries = 100_000

/**
 * The text files of a folder and its subfolders, by the same rules as the file tools: their paths are the ids, and a
 * first Markdown heading is the title.
 *
 * @throws PathError if the root is not a folder, AgentOptionError if it holds more than the limits allow
 */
export async function readDocuments(
  root: string,
  options: ReadDocumentsOptions = {},
): Promise<ReadDocuments> {
  const folder = await RootFolder.open(root, { hidden: options.hidden ?? false })
  const maxBytes = limit('maxBytes', options.maxBytes, 2 ** 20)
  const maxDocuments = limit('maxDocuments', options.maxDocuments, 2000)
  const extensions = (options.extensions ?? ['.md', '.txt']).map((extension) => extension.toLowerCase())
  const signal = options.signal ?? new AbortController().signal
  const documents: SourceDocument[] = []
  const skipped: { path: string; why: string }[] = []
  for await (const { path, kind } of walk(folder, '.', { depth, maxEntries, signal })) {
    if (kind === 'cut') throw tooMany('a folder of fewer entries', `more than ${maxEntries}`)
    const name = path.toLowerCase()
    if (kind !== 'file' || !extensions.some((extension) => name.endsWith(extension))) continue
    if (documents.length === maxDocuments) throw tooMany(`at least the documents in it`, String(maxDocuments))
    signal.throwIfAborted()
    try {
      documents.push(toDocument(path, await readFileText(folder, path, maxBytes)))
    } catch (error) {
      if (!(error instanceof FileContentError || error instanceof PathError)) throw error
      skipped.push({ path, why: error.message })
    }
  }
  return { documents, skipped }
}

function tooMany(expected: string, got: string): AgentOptionError {
  return new AgentOptionError({ option: 'root or maxDocuments of readDocuments', expected, got })
}

function toDocument(path: string, text: string): SourceDocument {
  const heading = /^#[ \t]+(.{1,200})/m.exec(text.slice(0, 10_000))?.[1]
  return { id: path, text, ...(heading === undefined ? {} : { title: heading.trim() }) }
}
