import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { RootFolder } from './root-folder.ts'
import { walk } from './walk.ts'

test('more entries than the limit are told at the end, as many as the limit are not', async () => {
  const root = temporaryFolder({ 'a/1.txt': '', 'a/2.txt': '', 'b.txt': '' })
  const folder = await RootFolder.open(root, { hidden: false })
  const found = async (maxEntries: number): Promise<string[]> => {
    const limits = { depth: 2, maxEntries, signal: new AbortController().signal }
    const lines: string[] = []
    for await (const { path, kind } of walk(folder, '.', limits)) lines.push(`${kind} ${path}`)
    return lines
  }
  const all = ['folder a', 'file b.txt', 'file a/1.txt', 'file a/2.txt']
  expect(await found(4)).toEqual(all)
  const cut = await found(3)
  expect(cut.slice(0, 2)).toEqual(all.slice(0, 2))
  expect(cut.slice(2)).toEqual([expect.stringMatching(/^file a\/[12]\.txt$/), 'cut a'])
})
