import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AgentOptionError } from '../../errors.ts'
import { callTool } from '../testing/call-tool.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { fileTools } from './file-tools.ts'
import { FileContentError, PathError } from './path-error.ts'
import type { FileToolOptions } from './settings.ts'

const files = {
  'notes.txt': 'first\nSecond line\r\nthird\n',
  'list.md': '# List\n\nmilk and bread\n',
  'sub/deep/milk.md': 'no milk today\n',
  'sub/readme.txt': 'x',
  '.env': 'KEY=milk',
  'sub/.git/config': 'milk',
  'picture.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 1),
  'latin.txt': Uint8Array.of(0x6d, 0xe9, 0x6d),
  'mark.txt': '\ufeffwith a mark',
  'empty.txt': '',
}

const open = async (options: Partial<FileToolOptions> = {}) => {
  const tools = await fileTools({ root: temporaryFolder(files), ...options })
  const named = new Map(tools.map((tool) => [tool.name, tool]))
  return (name: string, input: object, signal?: AbortSignal) => callTool(named.get(name), input, signal)
}

describe('read_file', () => {
  test('gives the text, without the ends of lines and the byte order mark', async () => {
    const call = await open()
    expect(await call('read_file', { path: 'notes.txt' })).toBe('first\nSecond line\nthird')
    expect(await call('read_file', { path: 'mark.txt' })).toBe('with a mark')
    expect(await call('read_file', { path: 'empty.txt' })).toBe('')
  })

  test('gives a window, and says where to go on', async () => {
    const call = await open({ lineNumbers: true, maxLines: 2 })
    const next = '[lines 1 to 2 of 3; the next begins at from_line 3]'
    expect(await call('read_file', { path: 'notes.txt' })).toBe(`1: first\n2: Second line\n${next}`)
    expect(await call('read_file', { path: 'notes.txt', from_line: 2, lines: 1 })).toBe(
      '2: Second line\n[lines 2 to 2 of 3; the next begins at from_line 3]',
    )
    expect(await call('read_file', { path: 'notes.txt', from_line: 3 })).toBe('3: third\n[lines 3 to 3 of 3]')
    await expect(call('read_file', { path: 'notes.txt', from_line: 4 })).rejects.toThrow('it has 3 lines')
  })

  test('refuses what is not UTF-8 text, and what is too large', async () => {
    const call = await open({ maxBytes: 20 })
    for (const path of ['picture.png', 'latin.txt'])
      await expect(call('read_file', { path })).rejects.toThrow(expect.objectContaining({ reason: 'binary' }))
    await expect(call('read_file', { path: 'list.md' })).rejects.toThrow(FileContentError)
    await expect(call('read_file', { path: 'list.md' })).rejects.toThrow('at most 20 are read')
  })

  test('reads no more than the limit where the system tells no size', async (context) => {
    const tools = await fileTools({ root: '/proc/self', maxBytes: 50 }).catch(() => undefined)
    if (tools === undefined) return context.skip('this system has no /proc')
    await expect(callTool(tools[0], { path: 'maps' })).rejects.toThrow('at most 50 are read')
  })
})

describe('list_files', () => {
  test('lists in order, without hidden names and links', async () => {
    const root = temporaryFolder(files)
    symlinkSync('..', join(root, 'up'))
    const call = await open({ root })
    const top = ['empty.txt', 'latin.txt', 'list.md', 'mark.txt', 'notes.txt', 'picture.png', 'sub/']
    expect(await call('list_files', {})).toBe(top.join('\n'))
    expect(await call('list_files', { path: 'sub' })).toBe('sub/deep/\nsub/readme.txt')
    expect(await call('list_files', { depth: 9, pattern: '*.md' })).toBe('list.md\nsub/deep/milk.md')
    expect(await call('list_files', { path: 'notes.txt' })).toBe('notes.txt')
    expect(await call('list_files', { pattern: 'z*' })).toBe('(nothing)')
    await expect(call('list_files', { path: 'up' })).rejects.toThrow(PathError)
    await expect(call('list_files', { path: 'sub/.git' })).rejects.toThrow(PathError)
  })

  test('shows hidden names when they are allowed', async () => {
    const call = await open({ hidden: true })
    expect(await call('list_files', { path: 'sub', depth: 2 })).toContain('sub/.git/config')
  })

  test('ends at the limit of the result', async () => {
    const call = await open({ maxCharacters: 20 })
    expect(await call('list_files', {})).toBe('empty.txt\nlatin.txt\n[more: name a folder or a pattern]')
  })
})

describe('search_files', () => {
  test('finds lines in any case, in text files that are not hidden', async () => {
    const call = await open()
    expect(await call('search_files', { query: 'MILK' })).toBe(
      'list.md:3: milk and bread\nsub/deep/milk.md:1: no milk today',
    )
    expect(await call('search_files', { query: 'milk', path: 'sub' })).toBe(
      'sub/deep/milk.md:1: no milk today',
    )
    expect(await call('search_files', { query: 'second', pattern: '*.md' })).toBe('no matches')
    expect(await call('search_files', { query: '.*' })).toBe('no matches')
  })

  test('cuts long lines around the match, and many matches', async () => {
    const long = `${'a'.repeat(500)}needle${'b'.repeat(500)}`
    const root = temporaryFolder({ 'long.txt': long, 'many.txt': 'pin\n'.repeat(100) })
    const call = await open({ root })
    const found = await call('search_files', { query: 'needle' })
    expect(found).toMatch(/^long\.txt:1: \.\.\.a+needleb+\.\.\.$/)
    expect(found.length).toBeLessThan(250)
    const many = (await call('search_files', { query: 'pin' })).split('\n')
    expect(many).toHaveLength(51)
    expect(many.at(-1)).toBe('[more matches: use a longer query or name a folder]')
  })

  test('stops when it is aborted', async () => {
    const call = await open()
    const signal = AbortSignal.abort(new PathError({ path: '', reason: 'denied', problem: 'stop' }))
    await expect(call('search_files', { query: 'milk' }, signal)).rejects.toBe(signal.reason)
  })
})

test('the root is a path, limits are integers above 0', async () => {
  await expect(open({ maxBytes: 0 })).rejects.toThrow(AgentOptionError)
  // @ts-expect-error: a caller without types
  await expect(fileTools({})).rejects.toThrow('root must be the path of a folder')
  await expect(open({ maxLines: 1.5 })).rejects.toThrow('maxLines')
})
