/** The conversation, scrolled to its end unless the person has scrolled away. */
import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'

/** This near to the end counts as at the end, in pixels. */
const nearEnd = 48

export interface TranscriptProps {
  readonly busy: boolean
  /** When it changes, somebody wrote: then the end is shown, wherever the view was. */
  readonly questions: number
  readonly children: ComponentChildren
}

export function Transcript({ busy, questions, children }: TranscriptProps): JSX.Element {
  const view = useRef<HTMLElement>(null)
  const follows = useRef(true)
  const [away, setAway] = useState(false)

  /** An empty conversation has a beginning only. */
  const showEnd = (): void => {
    if (view.current !== null) view.current.scrollTop = questions === 0 ? 0 : view.current.scrollHeight
  }
  const toEnd = (): void => {
    follows.current = true
    setAway(false)
    showEnd()
  }
  // A new question, and nothing else, brings the end back.
  useLayoutEffect(toEnd, [questions])
  // After each change of what is shown.
  useLayoutEffect(() => {
    if (follows.current) showEnd()
  })
  const onScroll = (): void => {
    const element = view.current
    if (element === null) return
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd
    setAway(!follows.current && questions > 0)
  }
  return (
    <div class="transcript-frame">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <section class="transcript" ref={view} onScroll={onScroll} tabIndex={0} aria-label="Transcript">
        {/* Answers that stream are live="off" in themselves; their end is announced apart. */}
        <div class="column" role="log" aria-live="polite" aria-busy={busy} aria-label="Conversation">
          {children}
        </div>
      </section>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above. */}
      {away && (
        <button type="button" class="to-end" aria-label="To the end" title="To the end" onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}
