/** Who answers, whether it is ready, and what concerns the whole conversation. */
import type { JSX } from 'preact'
import type { AppState } from '../app-state.ts'
import type { Settings } from '../chat/settings.ts'
import { chooseModel } from '../models/choose-model.ts'
import { useStore } from '../store.ts'
import { Icon } from './icons.tsx'
import { LoadStatus } from './load-status.tsx'

export interface ModelBarProps {
  readonly state: AppState
  readonly busy: boolean
  readonly hasEntries: boolean
  readonly onSettings: (change: Partial<Settings>) => void
  readonly onNew: () => void
  readonly onExport: () => void
  readonly onOpenSettings: () => void
}

/** Before the worker has told its backends. */
const anyBackend = ['auto']

export function ModelBar(props: ModelBarProps): JSX.Element {
  const { state, busy, hasEntries, onSettings, onNew, onExport, onOpenSettings } = props
  const settings = useStore(state.settings)
  const server = useStore(state.server)
  const engine = useStore(state.engine.state)
  const choice = chooseModel(settings.model, server.info)
  const known = engine.backends.length === 0 ? anyBackend : engine.backends
  const backends = known.includes(settings.backend) ? known : [...known, settings.backend]
  return (
    <div class="model-bar">
      <select
        class="picker"
        aria-label="Model"
        disabled={busy || server.searching}
        value={choice.where === 'tab' ? 'tab' : `server:${choice.id}`}
        onChange={({ currentTarget: { value } }) =>
          onSettings({
            model:
              value === 'tab' ? { where: 'tab' } : { where: 'server', id: value.slice('server:'.length) },
          })
        }
      >
        <option value="tab">In this tab: octo-tiny</option>
        {server.wantsKey && <option disabled>Server: wants a key (see Settings)</option>}
        {server.info?.models.map(({ id }) => (
          <option key={id} value={`server:${id}`}>
            Server: {id}
          </option>
        ))}
      </select>
      {choice.where === 'tab' && (
        <select
          class="picker"
          aria-label="Backend"
          disabled={busy}
          title="Where the model computes"
          value={settings.backend}
          onChange={({ currentTarget: { value } }) => onSettings({ backend: value })}
        >
          {backends.map((name) => (
            <option key={name} value={name}>
              {`Backend: ${name}`}
            </option>
          ))}
        </select>
      )}
      {choice.where === 'tab' && !server.searching ? (
        <LoadStatus
          load={engine.load}
          onCancel={state.engine.cancel}
          onRetry={() => state.engine.load(settings.backend)}
        />
      ) : (
        <span class="load-status">{server.searching ? 'Looking for a server …' : ''}</span>
      )}
      <span class="bar-actions">
        <button
          type="button"
          class="button new-chat"
          aria-label="New chat"
          disabled={!hasEntries}
          onClick={onNew}
        >
          <Icon name="add" />
          <span class="new-chat-text">New chat</span>
        </button>
        <BarButton icon="download" label="Export as JSON" disabled={!hasEntries} onClick={onExport} />
        <BarButton icon="settings" label="Settings" disabled={false} onClick={onOpenSettings} />
      </span>
    </div>
  )
}

interface BarButtonProps {
  readonly icon: 'download' | 'settings'
  readonly label: string
  readonly disabled: boolean
  readonly onClick: () => void
}

function BarButton({ icon, label, disabled, onClick }: BarButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
