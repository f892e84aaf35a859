/** The chat: model bar, transcript, composer. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { AppState } from '../app-state.ts'
import type { Entry } from '../chat/conversation.ts'
import { exportConversation, saveFile } from '../chat/export.ts'
import type { Settings } from '../chat/settings.ts'
import { chooseModel } from '../models/choose-model.ts'
import { useStore } from '../store.ts'
import { Announcer } from './announcer.tsx'
import { AssistantMessage } from './assistant-message.tsx'
import { Composer } from './composer.tsx'
import type { ContextUse } from './context-gauge.tsx'
import { ModelBar } from './model-bar.tsx'
import { resetSettings, SettingsDialog } from './settings-dialog.tsx'
import { Transcript } from './transcript.tsx'
import { UserMessage } from './user-message.tsx'
import { Welcome } from './welcome.tsx'

export function ChatPage({ state }: { state: AppState }): JSX.Element {
  const { session } = state
  const { entries, busy, cleared } = useStore(session.state)
  const settings = useStore(state.settings)
  const saved = useStore(state.saved)
  const [settingsOpen, setSettingsOpen] = useState(false)
  const field = useRef<HTMLTextAreaElement | null>(null)
  const context = useContextUse(state, entries)
  const server = useStore(state.server)
  const inTab = chooseModel(settings.model, server.info).where === 'tab'

  const change = (part: Partial<Settings>): void => state.settings.set((last) => ({ ...last, ...part }))
  /** Not on touch screens, where it would bring up the keyboard. */
  const toField = (): void => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus()
  }
  /** What was pressed may be gone with its press: the focus must not be lost with it. */
  const thenToField =
    <Arguments extends unknown[]>(act: (...values: Arguments) => void) =>
    (...values: Arguments): void => {
      act(...values)
      toField()
    }
  const send = thenToField(session.send)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.isComposing && !settingsOpen) session.stop()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [session, settingsOpen])
  useEffect(toField, [])

  return (
    <div class="chat">
      {entries.length > 0 && <h1 class="visually-hidden">Chat</h1>}
      <ModelBar
        state={state}
        busy={busy}
        hasEntries={entries.length > 0}
        onSettings={change}
        onNew={thenToField(session.clear)}
        onExport={() => {
          const now = new Date()
          const day = now.toISOString().slice(0, 10)
          saveFile(`octoscale-chat-${day}.json`, exportConversation(entries, settings.systemPrompt, now))
        }}
        onOpenSettings={() => setSettingsOpen(true)}
      />
      <Transcript busy={busy} questions={entries.filter((entry) => entry.role === 'user').length}>
        {entries.length === 0 && (
          <Welcome
            inTab={inTab}
            waits={server.searching}
            onAsk={(text, how) => {
              change(how)
              send(text)
            }}
          />
        )}
        {entries.map((entry) =>
          entry.role === 'user' ? (
            <UserMessage key={entry.id} entry={entry} busy={busy} onEdit={thenToField(session.edit)} />
          ) : (
            <AssistantMessage
              key={entry.id}
              entry={entry}
              busy={busy}
              onDecide={thenToField(session.decide)}
              onRegenerate={thenToField(session.regenerate)}
            />
          ),
        )}
      </Transcript>
      <div class="column below">
        {cleared.length > 0 && (
          <p class="notice" role="status">
            New chat.
            <button type="button" class="button small" onClick={thenToField(session.undoClear)}>
              Undo
            </button>
          </p>
        )}
        {!saved.ok && (
          <p class="notice" role="status">
            This browser does not keep the conversation: export it before you leave.
          </p>
        )}
        <Composer
          field={field}
          busy={busy}
          waits={server.searching}
          settings={settings}
          context={context}
          onSettings={change}
          onSend={send}
          onStop={thenToField(session.stop)}
        />
      </div>
      <Announcer last={entries.at(-1)} />
      {settingsOpen && (
        <SettingsDialog
          settings={settings}
          onServerKey={server.wantsKey ? (key) => void state.findServer(key) : undefined}
          onSettings={change}
          onReset={() => change(resetSettings)}
          onClose={() => {
            setSettingsOpen(false)
            toField()
          }}
        />
      )}
    </div>
  )
}

/** Tokens after the last answer, where both they and the limit are known. */
function useContextUse(state: AppState, entries: readonly Entry[]): ContextUse | undefined {
  const settings = useStore(state.settings)
  const { info } = useStore(state.server)
  const { load } = useStore(state.engine.state)
  const choice = chooseModel(settings.model, info)
  const limit =
    choice.where === 'server'
      ? info?.models.find((model) => model.id === choice.id)?.contextLength
      : load.status === 'ready'
        ? load.info.contextLength
        : undefined
  if (limit === undefined) return undefined
  const last = entries.findLast((entry) => entry.role === 'assistant' && entry.figures !== undefined)
  const figures = last?.role === 'assistant' ? last.figures : undefined
  return { tokens: figures === undefined ? 0 : figures.promptTokens + figures.lastCompletionTokens, limit }
}
