/** Where the person writes: the text, what the answer may use, send or stop. */
import type { JSX, RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import type { Settings } from '../chat/settings.ts'
import { ContextGauge, type ContextUse } from './context-gauge.tsx'
import { Icon, type IconName } from './icons.tsx'
import { isSendKey } from './send-key.ts'

export interface ComposerProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly busy: boolean
  /** It is not known yet who answers: a moment after the start. */
  readonly waits: boolean
  readonly settings: Settings
  readonly context: ContextUse | undefined
  readonly onSettings: (change: Partial<Settings>) => void
  readonly onSend: (text: string) => void
  readonly onStop: () => void
}

export function Composer(props: ComposerProps): JSX.Element {
  const { field, busy, waits, settings, context, onSettings, onSend, onStop } = props
  const [draft, setDraft] = useState('')
  const empty = draft.trim() === ''

  // The field is as high as its text; the style sheet says where it begins to scroll.
  useLayoutEffect(() => {
    const element = field.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [draft])

  const send = (): void => {
    if (empty || busy || waits) return
    onSend(draft.trim())
    setDraft('')
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={field}
        aria-label="Message"
        placeholder="Ask something"
        rows={1}
        dir="auto"
        enterkeyhint="send"
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!isSendKey(event)) return
          event.preventDefault()
          send()
        }}
      />
      <div class="composer-row">
        <Switch
          icon="thought"
          label="Thinking"
          title="Let the model think before it answers"
          on={settings.thinking}
          onChange={(thinking) => onSettings({ thinking })}
        />
        <Switch
          icon="tool"
          label="Tools"
          title="Offer it convert_format, calculator and run_javascript"
          on={settings.tools}
          onChange={(tools) => onSettings({ tools })}
        />
        <span class="space" />
        {context !== undefined && <ContextGauge use={context} />}
        {busy ? (
          <button type="button" class="send-button" aria-label="Stop" title="Stop (Esc)" onClick={onStop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="send-button"
            aria-label="Send"
            title="Send (Enter)"
            disabled={empty || waits}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}

interface SwitchProps {
  readonly icon: IconName
  readonly label: string
  readonly title: string
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

function Switch({ icon, label, title, on, onChange }: SwitchProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      title={title}
      aria-checked={on}
      onClick={() => onChange(!on)}
    >
      <Icon name={icon} />
      {label}
    </button>
  )
}
