import { defineTool } from '../../define-tool.ts'
import type { Tool } from '../../types.ts'
import { showLines } from '../line-window.ts'
import { splitLines } from '../split-lines.ts'
import { DocumentError } from './document-error.ts'
import {
  createDocumentIndex,
  type DocumentHit,
  type DocumentIndex,
  type SourceDocument,
} from './document-index.ts'

const windowLimits = { maxLines: 200, maxCharacters: 16_000, lineNumbers: false }
const usualHits = 5
const mostHits = 20

/**
 * The tools `search_documents(query, limit?)` and `open_document(id, from_line?, lines?)` over documents in memory: no
 * network, no model. A hit is one line of JSON, `{"passage":"...","source":"id:from-to"}`. Faults are DocumentErrors.
 *
 * @throws AgentOptionError for an id that is empty, too long or not unique
 */
export function searchDocuments(source: readonly SourceDocument[] | DocumentIndex): Tool[] {
  const index = 'search' in source ? source : createDocumentIndex(source)
  return [searchTool(index), openTool(index)]
}

function searchTool(index: DocumentIndex): Tool {
  return defineTool({
    name: 'search_documents',
    description: 'Search the documents.',
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', minLength: 1, maxLength: 1000 },
        limit: { type: 'integer', minimum: 1, maximum: mostHits },
      },
      required: ['query'],
    },
    execute: ({ query, limit }) => {
      const hits = index.search(String(query), Math.min(mostHits, Number(limit ?? usualHits)))
      return hits.length === 0 ? 'no results: try other words' : hits.map(showHit).join('\n')
    },
  })
}

/** One line of JSON. `source` is how to cite it, and where to go on reading. */
function showHit({ id, from, to, snippet }: DocumentHit): string {
  const passage = snippet.replace(/\s+/g, ' ').trim()
  return JSON.stringify({ passage, source: `${id}:${from}-${to}` })
}

function openTool(index: DocumentIndex): Tool {
  return defineTool({
    name: 'open_document',
    description: 'Read lines of a document that search_documents found.',
    parameters: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        from_line: { type: 'integer', minimum: 1 },
        lines: { type: 'integer', minimum: 1 },
      },
      required: ['id'],
    },
    execute: (input) => {
      const id = String(input.id)
      const from = Number(input.from_line ?? 1)
      const document = index.documents.get(id)
      if (document === undefined) {
        const problem = 'there is no such document; use an id from search_documents'
        throw new DocumentError({ id: id.slice(0, 200).toWellFormed(), problem })
      }
      const lines = splitLines(document.text)
      if (from > Math.max(1, lines.length))
        throw new DocumentError({ id, problem: `it has ${lines.length} lines; there is no line ${from}` })
      return showLines(lines, { from, count: Number(input.lines ?? windowLimits.maxLines) }, windowLimits)
    },
  })
}
