import { renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { readFolder } from './read-folder.ts'

const names = async (path: string, room = 10): Promise<string[] | undefined> =>
  (await readFolder(path, room))?.entries.map(({ name }) => name).toSorted()

test('a folder, and no more of it than there is room for', async () => {
  const root = temporaryFolder({ 'a/b/1.txt': '', 'a/b/2.txt': '' })
  expect(await names(join(root, 'a/b'))).toEqual(['1.txt', '2.txt'])
  expect(await readFolder(join(root, 'a/b'), 1)).toMatchObject({ entries: [{}], cut: true })
})

test('what was exchanged for a link, here or further up, or is gone, is not read', async () => {
  const root = temporaryFolder({ 'a/b/1.txt': '', 'c/b/secret.txt': '', 'd/file': '' })
  renameSync(join(root, 'a'), join(root, 'aside'))
  symlinkSync('c', join(root, 'a'))
  symlinkSync('../c/b', join(root, 'd/link'))
  for (const path of ['a', 'a/b', 'd/link', 'd/none', 'd/file', 'd/file/x']) {
    expect(await readFolder(join(root, path), 10)).toBeUndefined()
  }
})
