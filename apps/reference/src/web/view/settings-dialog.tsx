/** System prompt and sampling. Changes hold from the next answer on. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { defaultSettings, type Settings, samplingFields } from '../chat/settings.ts'

export interface SettingsDialogProps {
  readonly settings: Settings
  /** Undefined where no server wants a key. */
  readonly onServerKey: ((key: string) => void) | undefined
  readonly onSettings: (change: Partial<Settings>) => void
  readonly onReset: () => void
  readonly onClose: () => void
}

export function SettingsDialog(props: SettingsDialogProps): JSX.Element {
  const { settings, onServerKey, onSettings, onReset, onClose } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const [resets, setResets] = useState(0)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="settings-title" onClose={onClose}>
      <form method="dialog">
        <h2 id="settings-title">Settings</h2>
        <label class="field">
          <span>System prompt</span>
          <textarea
            rows={4}
            dir="auto"
            value={settings.systemPrompt}
            placeholder="None: octo-tiny was trained without one"
            onInput={(event) => onSettings({ systemPrompt: event.currentTarget.value })}
          />
        </label>
        {onServerKey !== undefined && (
          <label class="field">
            <span>
              Key of the server <small>kept until this tab is closed</small>
            </span>
            <input
              type="password"
              autocomplete="off"
              onChange={(event) => onServerKey(event.currentTarget.value.trim())}
            />
          </label>
        )}
        {/* New fields with each reset: a field keeps what was typed and not taken when its value becomes nothing. */}
        <div class="number-fields" key={resets}>
          {samplingFields.map(({ key, label, hint, minimum, maximum, step }) => (
            <label class="field" key={key}>
              <span>
                {label} <small>{hint}</small>
              </span>
              <input
                type="number"
                inputMode="decimal"
                min={minimum}
                max={maximum}
                step={step}
                placeholder="default"
                value={settings[key]}
                onInput={({ currentTarget }) => {
                  // Empty is the model's default; a number out of range is shown as such and not taken.
                  const empty = currentTarget.value === '' && !currentTarget.validity.badInput
                  if (empty) onSettings({ [key]: undefined })
                  else if (currentTarget.validity.valid) onSettings({ [key]: currentTarget.valueAsNumber })
                }}
              />
            </label>
          ))}
        </div>
        <div class="dialog-actions">
          <button
            type="button"
            class="button"
            onClick={() => {
              onReset()
              setResets((count) => count + 1)
            }}
          >
            Reset
          </button>
          <button type="submit" class="button primary">
            Done
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** What `Reset` sets back: not which model answers. */
export const resetSettings: Partial<Settings> = {
  systemPrompt: defaultSettings.systemPrompt,
  ...Object.fromEntries(samplingFields.map(({ key }) => [key, undefined])),
}
