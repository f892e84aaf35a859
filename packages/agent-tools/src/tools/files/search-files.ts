import { defineTool } from '../../define-tool.ts'
import type { Tool } from '../../types.ts'
import { splitLines } from '../split-lines.ts'
import { readFileText } from './file-text.ts'
import { matchesName } from './name-pattern.ts'
import { FileContentError, PathError } from './path-error.ts'
import type { FileToolSettings } from './settings.ts'
import { walk } from './walk.ts'

const depth = 16
const maxEntries = 20_000
const maxMatches = 50
/** Characters of a line that are shown, around what was found. */
const shown = 200

/** `search_files(query, path?, pattern?)`: lines that contain a text, in any case, as `path:line: text`. */
export function searchFiles({ folder, maxBytes, maxCharacters }: FileToolSettings): Tool {
  return defineTool({
    name: 'search_files',
    description: 'Search for text in the files.',
    timeout: 60_000,
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', minLength: 1, maxLength: 200 },
        path: { type: 'string' },
        pattern: { type: 'string', maxLength: 100, description: 'Names of files, for example *.md' },
      },
      required: ['query'],
    },
    execute: async (input, { signal }) => {
      const query = String(input.query)
      const pattern = String(input.pattern ?? '*')
      const lines: string[] = []
      let room = maxCharacters
      const limits = { depth, maxEntries, signal }
      for await (const { path, kind } of walk(folder, String(input.path ?? '.'), limits)) {
        if (kind === 'cut') {
          lines.push(`[not all: more than ${maxEntries} entries; name a folder]`)
          break
        }
        if (kind !== 'file' || !matchesName(path.slice(path.lastIndexOf('/') + 1), pattern)) continue
        signal.throwIfAborted()
        const text = await readIfText(path)
        for (const line of text === undefined ? [] : matches(path, text, query)) {
          room -= line.length + 1
          if (room < 0 || lines.length === maxMatches)
            return [...lines, '[more matches: use a longer query or name a folder]'].join('\n')
          lines.push(line)
        }
      }
      return lines.join('\n') || 'no matches'
    },
  })

  /** Files that are binary, too large, or were taken away meanwhile have no matches. */
  async function readIfText(path: string): Promise<string | undefined> {
    try {
      return await readFileText(folder, path, maxBytes)
    } catch (error) {
      if (error instanceof FileContentError || error instanceof PathError) return undefined
      throw error
    }
  }
}

function* matches(path: string, text: string, query: string): Generator<string> {
  const wanted = query.toLowerCase()
  if (!text.toLowerCase().includes(wanted)) return
  for (const [index, line] of splitLines(text).entries()) {
    const found = line.toLowerCase().indexOf(wanted)
    if (found >= 0) yield `${path}:${index + 1}: ${excerpt(line, found)}`
  }
}

function excerpt(line: string, found: number): string {
  const start = line.length <= shown ? 0 : Math.max(0, Math.min(found - shown / 4, line.length - shown))
  const part = line.slice(start, start + shown).toWellFormed()
  return `${start > 0 ? '...' : ''}${part}${start + shown < line.length ? '...' : ''}`.trim()
}
