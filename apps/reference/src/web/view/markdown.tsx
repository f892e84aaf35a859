/** A model's text as formatted blocks. */
import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import { CopyButton } from './copy-button.tsx'
import { type MarkdownBlock, markdownBlocks } from './render-markdown.ts'

export interface MarkdownProps {
  readonly text: string
  /** More text is coming. */
  readonly live: boolean
}

export function Markdown({ text, live }: MarkdownProps): JSX.Element {
  return (
    <div class="markdown" dir="auto">
      {/* The place in the text is what a block is known by: it grows, its neighbours stay. */}
      {useBlocks(text, live).map((block, index) => (
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

/** While text streams, parsing takes at most a fifth of the time, however hard the text is to parse. */
function useBlocks(text: string, live: boolean): readonly MarkdownBlock[] {
  const last = useRef<{ text: string; blocks: readonly MarkdownBlock[]; until: number }>(undefined)
  const startedAt = performance.now()
  const held = last.current
  if (held !== undefined && (held.text === text || (live && startedAt < held.until))) return held.blocks
  const blocks = markdownBlocks(text)
  const now = performance.now()
  last.current = { text, blocks, until: now + 4 * (now - startedAt) }
  return blocks
}

function Block({ block }: { block: MarkdownBlock }): JSX.Element {
  if (block.kind === 'code') return <CodeBlock block={block} />
  if (block.kind === 'html') return <HtmlBlock block={block} />
  return (
    <div class="plain" dir="auto">
      {block.source}
    </div>
  )
}

function HtmlBlock({ block }: { block: MarkdownBlock & { kind: 'html' } }): JSX.Element {
  // The same source gives the same HTML.
  const html = useMemo(() => block.html(), [block.source])
  // Sanitised as the last step of making it.
  return <div dir="auto" dangerouslySetInnerHTML={{ __html: html }} />
}

function CodeBlock({ block: { language, code } }: { block: MarkdownBlock & { kind: 'code' } }): JSX.Element {
  return (
    <div class="code-block" dir="ltr">
      <div class="code-head">
        <span>{language === '' ? 'text' : language}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  )
}
