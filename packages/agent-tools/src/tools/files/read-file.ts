import { defineTool } from '../../define-tool.ts'
import type { Tool } from '../../types.ts'
import { showLines } from '../line-window.ts'
import { splitLines } from '../split-lines.ts'
import { readFileText } from './file-text.ts'
import { FileContentError } from './path-error.ts'
import type { FileToolSettings } from './settings.ts'

/** `read_file(path, from_line?, lines?)`: the text of a file, or a window of its lines. */
export function readFile(settings: FileToolSettings): Tool {
  return defineTool({
    name: 'read_file',
    description: 'Read a text file.',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        from_line: { type: 'integer', minimum: 1 },
        lines: { type: 'integer', minimum: 1 },
      },
      required: ['path'],
    },
    execute: async (input) => {
      const path = String(input.path)
      const from = Number(input.from_line ?? 1)
      const lines = splitLines(await readFileText(settings.folder, path, settings.maxBytes))
      if (from > Math.max(1, lines.length)) {
        const problem = `it has ${lines.length} lines; there is no line ${from}`
        throw new FileContentError({ path, reason: 'window', problem })
      }
      return showLines(lines, { from, count: Number(input.lines ?? settings.maxLines) }, settings)
    },
  })
}
