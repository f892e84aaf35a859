/** An empty conversation: what this is, and questions to begin with. */
import type { JSX } from 'preact'
import type { Settings } from '../chat/settings.ts'

interface Suggestion {
  readonly text: string
  readonly note: string
  readonly settings: Pick<Settings, 'thinking' | 'tools'>
}

/** Questions that the embedded model can answer, one for each way of answering. */
const suggestions: readonly Suggestion[] = [
  {
    text: 'What is the largest E4M3 value?',
    note: 'an answer',
    settings: { thinking: false, tools: false },
  },
  { text: 'What is 2718 + 3141?', note: 'with thinking', settings: { thinking: true, tools: false } },
  { text: 'What is 0.3 in e4m3?', note: 'with a tool', settings: { thinking: false, tools: true } },
]

export interface WelcomeProps {
  readonly inTab: boolean
  /** It is not known yet who answers. */
  readonly waits: boolean
  readonly onAsk: (text: string, settings: Suggestion['settings']) => void
}

export function Welcome({ inTab, waits, onAsk }: WelcomeProps): JSX.Element {
  return (
    <section class="welcome">
      <h1>A language model, in FP8</h1>
      {inTab ? (
        <p>
          octo-tiny computes in this tab, and nothing that you write leaves it. It is very small: it knows
          number formats, arithmetic and units, and calls tools. Do not trust its answers with anything that
          matters.
        </p>
      ) : (
        <p>The server that served this page answers. What you write goes to it, and to nobody else.</p>
      )}
      <ul class="suggestions">
        {suggestions.map(({ text, note, settings }) => (
          <li key={text}>
            <button type="button" disabled={waits} onClick={() => onAsk(text, settings)}>
              <span>{text}</span>
              <small>{note}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
