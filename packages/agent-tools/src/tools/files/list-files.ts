import { defineTool } from '../../define-tool.ts'
import type { Tool } from '../../types.ts'
import { matchesName } from './name-pattern.ts'
import type { FileToolSettings } from './settings.ts'
import { walk } from './walk.ts'

const deepest = 16
const maxEntries = 20_000

/** `list_files(path?, depth?, pattern?)`: paths from the root, one a line, folders with a slash behind. */
export function listFiles({ folder, maxCharacters }: FileToolSettings): Tool {
  return defineTool({
    name: 'list_files',
    description: 'List the files in a folder.',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        depth: { type: 'integer', minimum: 1, maximum: deepest },
        pattern: { type: 'string', maxLength: 100, description: 'Names, for example *.md' },
      },
      required: [],
    },
    execute: async (input, { signal }) => {
      const path = String(input.path ?? '.')
      const pattern = String(input.pattern ?? '*')
      const limits = { depth: Number(input.depth ?? 1), maxEntries, signal }
      const lines: string[] = []
      let room = maxCharacters
      for await (const { path: place, kind } of walk(folder, path, limits)) {
        if (kind === 'cut') {
          lines.push(`[more than ${maxEntries} entries: name a folder]`)
          break
        }
        if (!matchesName(place.slice(place.lastIndexOf('/') + 1), pattern)) continue
        const line = kind === 'folder' ? `${place}/` : place
        room -= line.length + 1
        if (room < 0) return [...lines, '[more: name a folder or a pattern]'].join('\n')
        lines.push(line)
      }
      return lines.join('\n') || '(nothing)'
    },
  })
}
