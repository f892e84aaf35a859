import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AgentOptionError } from '../../errors.ts'
import { searchDocuments } from '../documents/search-documents.ts'
import { callTool } from '../testing/call-tool.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { PathError } from './path-error.ts'
import { readDocuments } from './read-documents.ts'

const folder = (): string =>
  temporaryFolder({
    'root/guide.md': 'intro\n# The guide\n\nPress the red button.\n',
    'root/sub/NOTES.TXT': 'the blue button',
    'root/code.ts': '// button',
    'root/.hidden.md': 'hidden button',
    'root/binary.txt': Uint8Array.of(0, 1, 2),
    'secret.md': 'secret button',
  })

test('reads the text files of a folder, says what it left out, and they can be searched', async () => {
  const root = join(folder(), 'root')
  symlinkSync('../secret.md', join(root, 'link.md'))
  const { documents, skipped } = await readDocuments(root)
  expect(documents).toEqual([
    { id: 'guide.md', title: 'The guide', text: 'intro\n# The guide\n\nPress the red button.\n' },
    { id: 'sub/NOTES.TXT', text: 'the blue button' },
  ])
  expect(skipped).toEqual([{ path: 'binary.txt', why: 'binary.txt: it is not UTF-8 text' }])
  expect(await callTool(searchDocuments(documents)[0], { query: 'red' })).toContain('guide.md:2-4')
})

test('other extensions, and limits', async () => {
  const root = join(folder(), 'root')
  expect((await readDocuments(root, { extensions: ['.ts'] })).documents.map(({ id }) => id)).toEqual([
    'code.ts',
  ])
  await expect(readDocuments(root, { maxDocuments: 1 })).rejects.toThrow(AgentOptionError)
  await expect(readDocuments(join(root, 'none'))).rejects.toThrow(PathError)
  await expect(readDocuments(root, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
})
