/** A page of a real browser that remembers everything which must not happen in it. */

import { AxeBuilder } from '@axe-core/playwright'
import { browserFlags, findBrowser } from '@octoscale/checks/browser'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'

/** Undefined where there is no Chromium. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = findBrowser()
  return executablePath === undefined
    ? undefined
    : chromium.launch({ executablePath, args: [...browserFlags] })
}

export interface WatchedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Console errors, exceptions, breaches of the policy, requests to other hosts, dialogs: each a line. */
  readonly faults: string[]
}

export interface PageOptions {
  readonly theme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Console errors that belong to the case. */
  readonly expected?: RegExp
  /** Default true; false leaves the page empty, to prepare it first. */
  readonly goThere?: boolean
}

export async function openPage(
  browser: Browser,
  address: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const { theme = 'light', viewport = { width: 1100, height: 800 }, expected, goThere = true } = options
  const context = await browser.newContext({ colorScheme: theme, viewport, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const faults: string[] = []
  const { origin } = new URL(address)
  page.on('console', (message) => {
    const line = `${message.text()} ${message.location().url}`
    if (['error', 'warning'].includes(message.type()) && !expected?.test(line))
      faults.push(`console: ${line}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error}`))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  // Also what workers ask for.
  context.on('request', (request) => {
    const url = new URL(request.url())
    const local = ['data:', 'blob:'].includes(url.protocol)
    if (!local && url.origin !== origin) faults.push(`foreign request: ${url}`)
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  if (goThere) await page.goto(address)
  return { page, context, faults }
}

/** What axe finds wrong by these rules, or by all of them; one line each: rule and place. */
export async function accessibilityProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  // There are no foreign frames: the mode that opens a second page for them would only take longer.
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  )
}
