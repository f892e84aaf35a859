/** What a person does on the chat page, by what they see and hear. */
import type { Locator, Page } from 'playwright'

export const messageField = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' })
export const conversation = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' })
export const answers = (page: Page): Locator => page.getByRole('article', { name: /^Answer of/ })

/** Sends and does not wait. */
export async function send(page: Page, text: string): Promise<void> {
  await messageField(page).fill(text)
  // Right after the start the page does not know yet who answers.
  await page.locator('button[aria-label="Send"]:enabled').waitFor()
  await messageField(page).press('Enter')
}

/** Sends, waits until the answer is over, and gives what then stands there. */
export async function ask(page: Page, text: string): Promise<string> {
  const before = await answers(page).count()
  await send(page, text)
  const answer = answers(page).nth(before)
  await answer.getByRole('button', { name: 'Answer again' }).waitFor()
  return answer.innerText()
}

export async function turn(page: Page, name: 'Thinking' | 'Tools', on: boolean): Promise<void> {
  const control = page.getByRole('switch', { name })
  if ((await control.getAttribute('aria-checked')) !== String(on)) await control.click()
}

/** The text of a place, twice, a while apart. */
export async function twice(place: Locator, milliseconds: number): Promise<readonly [string, string]> {
  const first = await place.innerText()
  await place.page().waitForTimeout(milliseconds)
  return [first, await place.innerText()]
}
