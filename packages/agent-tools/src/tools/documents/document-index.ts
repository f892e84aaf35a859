import MiniSearch from 'minisearch'
import { AgentOptionError } from '../../errors.ts'
import { type Passage, splitPassages } from './passages.ts'
import { makeSnippet } from './snippet.ts'
import { termsOf } from './terms.ts'

export interface SourceDocument {
  /** Unique; what citations name, for example a path. 1 to 500 characters. */
  readonly id: string
  readonly title?: string | undefined
  readonly text: string
}

export interface DocumentHit {
  readonly id: string
  readonly title: string | undefined
  /** Lines of the passage, counted from 1; both are part of it. */
  readonly from: number
  readonly to: number
  /** A short part of the passage, around what was found. */
  readonly snippet: string
  /** BM25+; only to be compared within one search. */
  readonly score: number
}

/** Documents that can be searched. Made by `createDocumentIndex`. */
export interface DocumentIndex {
  readonly documents: ReadonlyMap<string, SourceDocument>
  /** The best passages, at most `limit`, best first. Empty if no word of the query is found. */
  search(query: string, limit: number): DocumentHit[]
}

/** Words of a query beyond this count for nothing. */
const mostTerms = 32

interface Entry extends Passage {
  readonly document: SourceDocument
}

/**
 * An index of passages (whole paragraphs of about 500 to 1200 characters) in memory, ranked by BM25+ over text and
 * title. Words are also found by their beginning (4 characters or more) and with a wrong letter (5 to 30).
 *
 * @throws AgentOptionError for an id that is empty, too long or not unique
 */
export function createDocumentIndex(documents: readonly SourceDocument[]): DocumentIndex {
  const known = new Map<string, SourceDocument>()
  for (const document of documents) {
    const { id } = document
    if (typeof id !== 'string' || id.length < 1 || id.length > 500 || known.has(id)) {
      const expected = 'of 1 to 500 characters and unique'
      throw new AgentOptionError({ option: 'id of a document', expected, got: JSON.stringify(id) })
    }
    known.set(id, document)
  }
  const entries: Entry[] = documents.flatMap((document) =>
    splitPassages(document.text).map((passage) => ({ ...passage, document })),
  )
  const index = new MiniSearch<{ id: number; title: string; text: string }>({
    fields: ['title', 'text'],
    tokenize: (text) => Array.from(termsOf(text, 'index'), ({ term }) => term),
    processTerm: (term) => term,
    searchOptions: {
      tokenize: (query) => Array.from(termsOf(query, 'query'), ({ term }) => term).slice(0, mostTerms),
      processTerm: (term) => term,
      boost: { title: 1.5 },
      prefix: (term) => term.length >= 4,
      fuzzy: (term) => (term.length >= 5 && term.length <= 30 && !/\d/.test(term) ? 0.2 : false),
    },
  })
  index.addAll(
    entries.map(({ document, start, end }, id) => ({
      id,
      title: document.title ?? '',
      text: document.text.slice(start, end),
    })),
  )
  return {
    documents: known,
    search: (query, limit) =>
      index
        .search(query)
        .slice(0, limit)
        .map(({ id, score, terms }) => {
          const { document, from, to, start, end } = entries[id as number] as Entry
          const snippet = makeSnippet(document.text.slice(start, end), new Set(terms))
          return { id: document.id, title: document.title, from, to, snippet, score }
        }),
  }
}
