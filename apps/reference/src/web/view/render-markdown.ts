/** Markdown of a model to HTML that is safe to show. The model is untrusted: it may repeat what a web page told it. */
import DOMPurify from 'dompurify'
import { Marked, type Token, type TokensList } from 'marked'
import { isTooMuch, splitFences } from './markdown-parts.ts'

/** A piece of an answer. A streamed text changes only its last block, so the others need not be made again. */
export type MarkdownBlock =
  | { readonly kind: 'html'; readonly source: string; readonly html: () => string }
  | { readonly kind: 'plain'; readonly source: string }
  | { readonly kind: 'code'; readonly source: string; readonly language: string; readonly code: string }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // HTML in an answer is shown as text: it is more likely an example than meant.
    html: ({ text }) => escapeHtml(text),
    // A picture would be fetched when it is shown, and tell its host what was asked: only its description stays.
    image: ({ text }) => escapeHtml(text === '' ? '(image)' : `(image: ${text})`),
    // A character, where a form field would want a label.
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

const purify = DOMPurify(window)
purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return
  node.setAttribute('rel', 'noopener noreferrer nofollow')
  node.setAttribute('target', '_blank')
})

const safe = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code'],
    ...['strong', 'em', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'align', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
}

const longestText = 200_000

/** The blocks of a text; each one's HTML is computed when it is asked for. What cannot be parsed is a plain block. */
export function markdownBlocks(text: string): MarkdownBlock[] {
  const plain: MarkdownBlock[] = [{ kind: 'plain', source: text }]
  if (text.length > longestText) return plain
  const parts = splitFences(text.replace(/\r\n?/g, '\n'))
  const prose = parts.filter(({ kind }) => kind === 'prose').map(({ source }) => source)
  if (isTooMuch(prose.join('\n\n'))) return plain
  try {
    return parts.flatMap((part) => (part.kind === 'code' ? part : parseBlocks(part.source)))
  } catch {
    // Thousands of nested quotations exhaust the stack.
    return plain
  }
}

function parseBlocks(text: string): MarkdownBlock[] {
  const tokens = marked.lexer(text)
  return tokens.flatMap((token): MarkdownBlock[] => {
    if (token.type === 'space' || token.type === 'def') return []
    if (token.type === 'code') {
      const { raw, text: code, lang } = token as { raw: string; text: string; lang?: string }
      return [{ kind: 'code', source: raw, language: lang?.split(/\s/, 1)[0] ?? '', code }]
    }
    return [{ kind: 'html', source: token.raw, html: () => htmlOrText(token, tokens.links) }]
  })
}

function htmlOrText(token: Token, links: TokensList['links']): string {
  try {
    return toHtml(token, links)
  } catch {
    return escapeHtml(token.raw)
  }
}

function toHtml(token: Token, links: TokensList['links']): string {
  const html = marked.parser(Object.assign([token], { links }))
  // Last, on the finished HTML: what runs after a sanitiser undoes it.
  return purify.sanitize(html, safe)
}
