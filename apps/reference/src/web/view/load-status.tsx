/** Whether the model in the tab is there, and how far it is on its way. */
import type { JSX } from 'preact'
import type { LoadProgress } from '../engine/protocol.ts'
import type { LoadState } from '../engine/tab-engine.ts'
import { Icon } from './icons.tsx'

export interface LoadStatusProps {
  readonly load: LoadState
  readonly onCancel: () => void
  readonly onRetry: () => void
}

export function LoadStatus({ load, onCancel, onRetry }: LoadStatusProps): JSX.Element {
  switch (load.status) {
    case 'unloaded':
      return (
        <span class="load-status">
          Not loaded
          <button type="button" class="button small" onClick={onRetry}>
            Load
          </button>
        </span>
      )
    case 'loading':
      return (
        <span class="load-status">
          <progress
            aria-label="Loading the model"
            max={load.progress?.totalBytes}
            value={load.progress?.totalBytes === undefined ? undefined : load.progress.bytes}
          />
          {/* Before the text, whose length changes: a button must not run away. */}
          <button type="button" class="button small" onClick={onCancel}>
            Cancel
          </button>
          <span class="load-text">{progressText(load.progress)}</span>
        </span>
      )
    case 'failed':
      return (
        <span class="load-status failed" role="alert">
          <Icon name="warning" />
          <span class="load-text">
            {load.error instanceof Error ? load.error.message : String(load.error)}
          </span>
          <button type="button" class="button small" onClick={onRetry}>
            Try again
          </button>
        </span>
      )
    case 'ready': {
      const { parameters, backend, loadMilliseconds, notice } = load.info
      const title = `${backend.name}: ${backend.detail}. Loaded in ${Math.round(loadMilliseconds)} ms.`
      return (
        <span class="load-status ready" title={notice === undefined ? title : `${title} ${notice}`}>
          <span class="dot" />
          <span class="load-text">{`Ready · ${backend.name} · ${(parameters / 1e6).toFixed(1)} M parameters`}</span>
          {notice !== undefined && backend.name === 'reference' && <span class="load-text">({notice})</span>}
        </span>
      )
    }
  }
}

function progressText(progress: LoadProgress | undefined): string {
  if (progress === undefined) return 'Starting …'
  const { phase, bytes, totalBytes } = progress
  const verb = phase === 'download' ? 'Downloading' : 'Loading'
  return totalBytes === undefined
    ? `${verb} ${megabytes(bytes)} MB`
    : `${verb} ${megabytes(bytes)} of ${megabytes(totalBytes)} MB`
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
