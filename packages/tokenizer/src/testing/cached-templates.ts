/** Chat templates that tooling/fixtures/tokenizer/chat_templates.py fetched; they are not in the repository. Tests only. */
import { existsSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../../../node_modules/.cache/octoscale/chat-templates/', import.meta.url)

/** Why a test is skipped. */
export const noTemplate: string = 'no cached template, tooling/fixtures/tokenizer/make_chats.py fetches them'

/** The template of a built-in format, or undefined where it was not fetched. */
export function cachedTemplate(name: string): string | undefined {
  const file = new URL(`${name}.jinja`, FOLDER)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
