/** One turn of the model: its steps, how it ended, its figures. */
import { Component, type JSX } from 'preact'
import { type AssistantEntry, answerText, type TurnStatus } from '../chat/conversation.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icons.tsx'
import { Markdown } from './markdown.tsx'
import { ThinkingBlock } from './thinking-block.tsx'
import { ToolCard } from './tool-card.tsx'
import { TurnFigures } from './turn-figures.tsx'

const endings: Readonly<Partial<Record<TurnStatus, string>>> = {
  stopped: 'Stopped.',
  length: 'Cut: the token limit is reached.',
  steps: 'Ended: too many rounds of tools.',
}

export interface AssistantMessageProps {
  readonly entry: AssistantEntry
  readonly busy: boolean
  readonly onDecide: (callId: string, approved: boolean) => void
  readonly onRegenerate: (id: string) => void
}

export class AssistantMessage extends Component<AssistantMessageProps> {
  /** A turn that is over does not change while the next one streams. */
  override shouldComponentUpdate(next: AssistantMessageProps): boolean {
    return next.entry !== this.props.entry || next.busy !== this.props.busy
  }

  override render(): JSX.Element {
    const { entry, busy, onDecide, onRegenerate } = this.props
    const live = entry.status === 'streaming'
    const ending = endings[entry.status]
    const nothingYet =
      live && !entry.steps.some((step) => step.thinking || step.text || step.calls.length > 0)
    const text = answerText(entry)
    return (
      <article
        class="message assistant"
        aria-label={`Answer of ${entry.model}`}
        aria-live={live ? 'off' : undefined}
      >
        {entry.steps.map((step, index) => (
          // Steps are only ever added at the end: their place is their key.
          <div class="step" key={index}>
            {step.thinking !== '' && (
              <ThinkingBlock text={step.thinking} milliseconds={step.thinkingMilliseconds} live={live} />
            )}
            {step.text.trim() !== '' && <Markdown text={step.text} live={live} />}
            {step.calls.map((call) => (
              <ToolCard key={call.id} call={call} onDecide={onDecide} />
            ))}
          </div>
        ))}
        {nothingYet && (
          <p class="dots">
            <span class="visually-hidden">Waiting for the first token</span>
            <span />
            <span />
            <span />
          </p>
        )}
        {ending !== undefined && <p class="ending">{ending}</p>}
        {entry.status === 'failed' && (
          <div class="failure" role="alert">
            <Icon name="warning" />
            <p dir="auto">{entry.error?.message ?? 'The answer failed.'}</p>
            <button type="button" class="button" disabled={busy} onClick={() => onRegenerate(entry.id)}>
              Try again
            </button>
          </div>
        )}
        {!live && (
          <footer class="message-foot">
            {text !== '' && <CopyButton text={text} label="Copy answer" />}
            <button
              type="button"
              class="icon-button small"
              aria-label="Answer again"
              title="Answer again"
              disabled={busy}
              onClick={() => onRegenerate(entry.id)}
            >
              <Icon name="again" />
            </button>
            <TurnFigures model={entry.model} figures={entry.figures} />
          </footer>
        )}
      </article>
    )
  }
}
