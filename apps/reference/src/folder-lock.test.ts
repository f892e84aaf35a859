import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { withFolderLock } from './folder-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'octoscale-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('one at a time, also after a failure, and nothing stays', async () => {
  const path = join(folder, 'a')
  let inside = 0
  const work = (fails: boolean) => async (): Promise<void> => {
    expect(++inside).toBe(1)
    await wait(20)
    inside--
    if (fails) throw new RangeError('work')
  }
  const runs = [work(false), work(true), work(false)].map((each) => withFolderLock(path, each))
  expect((await Promise.allSettled(runs)).map(({ status }) => status).sort()).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected'],
  ])
  expect(existsSync(path)).toBe(false)
})

test('a lock that was left behind is taken over', async () => {
  const path = join(folder, 'b')
  mkdirSync(path)
  const longAgo = new Date(Date.now() - 10 * 60_000)
  utimesSync(path, longAgo, longAgo)
  expect(await withFolderLock(path, async () => 7)).toBe(7)
})
