/** The browser of a test file. Without one its tests are skipped. */
import type { Browser } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { openBrowser, openPage, type PageOptions, type WatchedPage } from './watched-page.ts'

/** Gives the function that opens pages. Whatever a test looks at: no fault may have happened in them when it ends. */
export function useBrowser(): (address: string, options?: PageOptions) => Promise<WatchedPage> {
  let browser: Browser | undefined
  const opened: WatchedPage[] = []
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach((context) => {
    if (browser === undefined) context.skip('there is no Chromium on this machine')
  })
  afterEach(async () => {
    for (const { context, faults } of opened.splice(0)) {
      expect(faults).toEqual([])
      await context.close()
    }
  })
  return async (address, options) => {
    const watched = await openPage(browser as Browser, address, options)
    opened.push(watched)
    return watched
  }
}
