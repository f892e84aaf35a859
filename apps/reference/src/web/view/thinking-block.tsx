/** What the model thought before it answered: open while it thinks, closed when it is done. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import { duration } from './duration.ts'
import { Icon } from './icons.tsx'

export interface ThinkingBlockProps {
  readonly text: string
  /** Undefined while it thinks. */
  readonly milliseconds: number | undefined
  /** The turn is still being made. */
  readonly live: boolean
}

export function ThinkingBlock({ text, milliseconds, live }: ThinkingBlockProps): JSX.Element {
  const id = useId()
  const [chosen, setChosen] = useState<boolean>()
  const thinks = live && milliseconds === undefined
  const open = chosen ?? thinks
  const title =
    milliseconds === undefined ? (thinks ? 'Thinking …' : 'Thought') : `Thought for ${duration(milliseconds)}`
  return (
    <section class="thinking">
      {/* Sticks to the top while a long thought is scrolled, so that it can be closed from anywhere in it. */}
      <button
        type="button"
        class={`thinking-head${thinks ? ' pulsing' : ''}`}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setChosen(!open)}
      >
        <Icon name="thought" />
        <span>{title}</span>
        <span class={open ? 'turned' : ''}>
          <Icon name="chevron" />
        </span>
      </button>
      <div id={id} class="thinking-text" dir="auto" hidden={!open}>
        {text}
      </div>
    </section>
  )
}
