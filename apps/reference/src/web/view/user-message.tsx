/** What the person asked; can be changed and asked again. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { UserEntry } from '../chat/conversation.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icons.tsx'
import { isSendKey } from './send-key.ts'

export interface UserMessageProps {
  readonly entry: UserEntry
  readonly busy: boolean
  readonly onEdit: (id: string, text: string) => void
}

export function UserMessage({ entry, busy, onEdit }: UserMessageProps): JSX.Element {
  const [editing, setEditing] = useState(false)
  const [cancelled, setCancelled] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  // The field had the focus and is gone: back to where the person came from.
  useEffect(() => {
    if (cancelled) button.current?.focus()
    setCancelled(false)
  }, [cancelled])
  if (editing) {
    return (
      <EditForm
        text={entry.text}
        onCancel={() => {
          setEditing(false)
          setCancelled(true)
        }}
        onSend={(text) => {
          setEditing(false)
          onEdit(entry.id, text)
        }}
      />
    )
  }
  return (
    <article class="message user" aria-label="You">
      <div class="bubble" dir="auto">
        {entry.text}
      </div>
      <footer class="message-foot">
        <CopyButton text={entry.text} label="Copy question" />
        <button
          type="button"
          ref={button}
          class="icon-button small"
          aria-label="Edit question"
          title="Edit question"
          disabled={busy}
          onClick={() => setEditing(true)}
        >
          <Icon name="edit" />
        </button>
      </footer>
    </article>
  )
}

interface EditFormProps {
  readonly text: string
  readonly onCancel: () => void
  readonly onSend: (text: string) => void
}

function EditForm({ text, onCancel, onSend }: EditFormProps): JSX.Element {
  const [draft, setDraft] = useState(text)
  const send = (): void => {
    if (draft.trim() !== '') onSend(draft.trim())
  }
  return (
    <form
      class="message user edit-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        aria-label="Edit question"
        dir="auto"
        rows={Math.min(8, draft.split('\n').length + 1)}
        value={draft}
        ref={focusAtEnd}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel()
          if (!isSendKey(event)) return
          event.preventDefault()
          send()
        }}
      />
      <div class="edit-actions">
        <button type="button" class="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={draft.trim() === ''}>
          Send again
        </button>
      </div>
    </form>
  )
}

/** Once, when the field appears. */
function focusAtEnd(field: HTMLTextAreaElement | null): void {
  if (field === null) return
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
}
