/** What the page consists of besides components: settings, models and the conversation, saved as they change. */
import { openAiModel } from '@octoscale/agent-tools'
import { readConversation, readSettings, writeConversation, writeSettings } from './chat/saved.ts'
import { type Answerer, type ChatSession, createChatSession } from './chat/session.ts'
import { modelSettings, type Settings } from './chat/settings.ts'
import { createTabEngine, type TabEngine } from './engine/tab-engine.ts'
import { chooseModel } from './models/choose-model.ts'
import { findServer, type ServerInfo } from './models/find-server.ts'
import type { TextStorage } from './storage.ts'
import { createStore, type Store } from './store.ts'

export interface ServerState {
  /** Until the host of the page has answered, or not. */
  readonly searching: boolean
  readonly info: ServerInfo | undefined
  /** There is a server, and it wants a key. */
  readonly wantsKey: boolean
}

export interface AppState {
  readonly storage: TextStorage
  readonly settings: Store<Settings>
  readonly engine: TabEngine
  readonly server: Store<ServerState>
  readonly session: ChatSession
  /** Looks for the server again, with this key; empty is none. */
  findServer(apiKey: string): Promise<void>
  /** False when the browser does not keep the conversation. */
  readonly saved: Store<{ readonly ok: boolean }>
}

/** The key is kept until the tab is closed, and not with the conversation. */
const keyName = 'octoscale.server-key'

/** Starts to look for a server, and to load the model of the tab when that is the one to answer. */
export function createAppState(storage: TextStorage, secrets: TextStorage, page: URL): AppState {
  const settings = createStore(readSettings(storage))
  const server = createStore<ServerState>({ searching: true, info: undefined, wantsKey: false })
  const saved = createStore({ ok: true })
  const engine = createTabEngine(
    () => new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module', name: 'octo-tiny' }),
  )

  function answerer(): Answerer {
    const asked = settings.get()
    const { systemPrompt, tools, backend } = asked
    const { info } = server.get()
    const choice = chooseModel(asked.model, info)
    const sampling = modelSettings(asked)
    return {
      name: choice.where === 'tab' ? 'octo-tiny' : choice.id,
      model:
        choice.where === 'tab' || info === undefined
          ? engine.model(backend, sampling)
          : // Made when it is asked: what it finds wrong is then a failed turn, with a way on.
            (request) =>
              openAiModel({ baseUrl: info.baseUrl, apiKey: info.apiKey, model: choice.id, ...sampling })(
                request,
              ),
      tools: async () => (tools ? (await import('./models/web-tools.ts')).webTools() : []),
      systemPrompt,
    }
  }
  const session = createChatSession(readConversation(storage), answerer)

  // Once for each choice: a load that failed or was cancelled is not begun again by the next touch of a switch.
  let wanted = ''
  function loadIfNeeded(): void {
    const { searching, info } = server.get()
    const { model, backend } = settings.get()
    if (searching) return
    const choice = chooseModel(model, info).where === 'tab' ? `tab on ${backend}` : 'server'
    if (choice === wanted) return
    wanted = choice
    if (choice !== 'server') void engine.load(backend)
    // The memory of a model that is not asked any more.
    else if (engine.state.get().load.status !== 'unloaded') void engine.dispose()
  }
  settings.subscribe(() => {
    writeSettings(storage, settings.get())
    loadIfNeeded()
  })
  server.subscribe(loadIfNeeded)
  async function lookForServer(apiKey: string): Promise<void> {
    const found = await findServer(page, apiKey === '' ? undefined : apiKey)
    if (typeof found === 'object' && apiKey !== '') secrets.setItem(keyName, apiKey)
    server.set({
      searching: false,
      info: typeof found === 'object' ? found : undefined,
      wantsKey: found === 'refused',
    })
  }
  void lookForServer(secrets.getItem(keyName) ?? '')

  saveWhileItChanges(session, (entries) => {
    const ok = writeConversation(storage, entries)
    if (ok !== saved.get().ok) saved.set({ ok })
  })
  return { storage, settings, engine, server, session, saved, findServer: lookForServer }
}

/** At the end of each turn at once, during one now and then: a reload then loses little. */
function saveWhileItChanges(
  session: ChatSession,
  save: (entries: ReturnType<typeof readConversation>) => void,
): void {
  const waitMilliseconds = 1000
  let timer: ReturnType<typeof setTimeout> | undefined
  const saveNow = (): void => {
    clearTimeout(timer)
    timer = undefined
    save(session.state.get().entries)
  }
  session.state.subscribe(() => {
    if (!session.state.get().busy) saveNow()
    else timer ??= setTimeout(saveNow, waitMilliseconds)
  })
  addEventListener('pagehide', () => {
    if (timer !== undefined) saveNow()
  })
}
