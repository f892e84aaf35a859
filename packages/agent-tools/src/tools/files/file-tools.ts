import { describe } from '../../describe.ts'
import { AgentOptionError } from '../../errors.ts'
import { limit } from '../../limit.ts'
import type { Tool } from '../../types.ts'
import { listFiles } from './list-files.ts'
import { readFile } from './read-file.ts'
import { RootFolder } from './root-folder.ts'
import { searchFiles } from './search-files.ts'
import type { FileToolOptions, FileToolSettings } from './settings.ts'

/**
 * The tools `read_file(path, from_line?, lines?)`, `list_files(path?, depth?, pattern?)` and
 * `search_files(query, path?, pattern?)` over one folder. They only read, and only regular files that lie in the root
 * after all links are followed; paths are relative, with `/`. Faults are PathErrors and FileContentErrors.
 *
 * @throws PathError if the root is not a folder, AgentOptionError if it is no text or a limit is not an integer above 0
 */
export async function fileTools(options: FileToolOptions): Promise<Tool[]> {
  if (typeof options.root !== 'string') {
    throw new AgentOptionError({
      option: 'root',
      expected: 'the path of a folder',
      got: describe(options.root),
    })
  }
  const settings: FileToolSettings = {
    folder: await RootFolder.open(options.root, { hidden: options.hidden ?? false }),
    maxBytes: limit('maxBytes', options.maxBytes, 2 ** 20),
    maxCharacters: limit('maxCharacters', options.maxCharacters, 16_000),
    maxLines: limit('maxLines', options.maxLines, 500),
    lineNumbers: options.lineNumbers ?? false,
  }
  return [readFile(settings), listFiles(settings), searchFiles(settings)]
}
