/** A call of a tool: what was asked, what came of it, and the question to the person where one is needed. */
import type { JSX } from 'preact'
import type { CallEntry, CallStatus } from '../chat/conversation.ts'
import { argumentFields, visible } from './argument-fields.ts'
import { duration } from './duration.ts'
import { Icon } from './icons.tsx'

const words: Readonly<Record<CallStatus, string>> = {
  waiting: 'Waits for you',
  running: 'Running …',
  done: 'Done',
  failed: 'Failed',
  denied: 'Not allowed',
}

export interface ToolCardProps {
  readonly call: CallEntry
  readonly onDecide: (callId: string, approved: boolean) => void
}

export function ToolCard({ call, onDecide }: ToolCardProps): JSX.Element {
  const { id, name, status, result, milliseconds } = call
  const time = status === 'done' && milliseconds !== undefined ? ` in ${duration(milliseconds)}` : ''
  return (
    <section class={`tool-card ${status}`} aria-label={`Tool ${name}`}>
      <div class="tool-head">
        <Icon name="tool" />
        <strong>{name}</strong>
        <span class="tool-status">
          {words[status]}
          {time}
        </span>
      </div>
      <Arguments json={call.asked ?? call.arguments} />
      {status === 'waiting' && (
        <div class="tool-question">
          <span>May this run with exactly these arguments?</span>
          <button type="button" class="button primary" onClick={() => onDecide(id, true)}>
            Allow
          </button>
          <button type="button" class="button" onClick={() => onDecide(id, false)}>
            Deny
          </button>
        </div>
      )}
      {result !== undefined && <ToolText label={status === 'done' ? 'Result' : 'Error'} text={result} />}
    </section>
  )
}

function ToolText({ label, text }: { label: string; text: string }): JSX.Element {
  return (
    <div class="tool-text">
      <span class="tool-label">{visible(label)}</span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <pre dir="auto" tabIndex={0}>
        {visible(text)}
      </pre>
    </div>
  )
}

function Arguments({ json }: { json: string }): JSX.Element {
  const fields = argumentFields(json)
  if (fields === undefined) return <ToolText label="Arguments" text={json} />
  return (
    <>
      {fields.map(({ name, text }) => (
        <ToolText key={name} label={name} text={text} />
      ))}
    </>
  )
}
