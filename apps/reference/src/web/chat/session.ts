/** The conversation under way: what the page's buttons do to it. Knows no components. */
import type { AgentModel, Tool } from '@octoscale/agent-tools'
import { createStore, type Store } from '../store.ts'
import { type AssistantEntry, asStopped, type Entry, messagesOf } from './conversation.ts'
import { runTurn } from './turn.ts'

/** Who answers the next turn, chosen when it begins. */
export interface Answerer {
  readonly name: string
  readonly model: AgentModel
  readonly tools: () => Promise<readonly Tool[]>
  readonly systemPrompt: string
}

export interface SessionState {
  readonly entries: readonly Entry[]
  readonly busy: boolean
  /** What `clear` has put away, until the next turn. */
  readonly cleared: readonly Entry[]
}

export interface ChatSession {
  readonly state: Store<SessionState>
  /** Does nothing while an answer is made; so do `regenerate` and `edit`. */
  send(text: string): void
  /** Ends the answer; what came of it stays. */
  stop(): void
  /** Answers the question before this turn again. */
  regenerate(id: string): void
  /** Replaces a question and everything after it. */
  edit(id: string, text: string): void
  /** The person's word on a call that waits. */
  decide(callId: string, approved: boolean): void
  /** Ends the answer, if one is made, and begins a new conversation. */
  clear(): void
  undoClear(): void
}

/** Texts are shown at most this often: more is work that nobody sees. */
const frameMilliseconds = 32

export function createChatSession(entries: readonly Entry[], answerer: () => Answerer): ChatSession {
  const state = createStore<SessionState>({ entries, busy: false, cleared: [] })
  const decisions = new Map<string, (approved: boolean) => void>()
  let current: AbortController | undefined

  function ask(before: readonly Entry[]): void {
    if (state.get().busy) return
    const controller = new AbortController()
    current = controller
    const { systemPrompt, ...parts } = answerer()
    void runTurn({
      ...parts,
      messages: messagesOf(before, systemPrompt),
      signal: controller.signal,
      approve,
      onChange: paced((entry) => {
        // After `clear`, the last words of a turn belong to no conversation.
        if (current !== controller) return
        state.set({ entries: [...before, entry], busy: entry.status === 'streaming', cleared: [] })
      }),
    })
  }

  function approve(callId: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (approved: boolean): void => {
        decisions.delete(callId)
        resolve(approved)
      }
      decisions.set(callId, settle)
      signal.addEventListener('abort', () => settle(false), { once: true })
    })
  }

  const before = (id: string): readonly Entry[] => {
    const all = state.get().entries
    const at = all.findIndex((entry) => entry.id === id)
    return at < 0 ? all : all.slice(0, at)
  }
  const question = (text: string): Entry => ({ role: 'user', id: crypto.randomUUID(), text })

  return {
    state,
    send: (text) => ask([...state.get().entries, question(text)]),
    stop: () => current?.abort(),
    regenerate: (id) => ask(before(id)),
    edit: (id, text) => ask([...before(id), question(text)]),
    decide: (callId, approved) => decisions.get(callId)?.(approved),
    clear() {
      current?.abort()
      current = undefined
      state.set((last) => ({ entries: [], busy: false, cleared: last.entries.map(asStopped) }))
    },
    undoClear: () => state.set(({ cleared }) => ({ entries: cleared, busy: false, cleared: [] })),
  }
}

/** Passes on the newest entry at once or a frame after the last one; the end of a turn always at once. */
function paced(show: (entry: AssistantEntry) => void): (entry: AssistantEntry) => void {
  let shownAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest: AssistantEntry
  const showNewest = (): void => {
    clearTimeout(timer)
    timer = undefined
    shownAt = performance.now()
    show(newest)
  }
  return (entry) => {
    newest = entry
    const wait = frameMilliseconds - (performance.now() - shownAt)
    if (wait <= 0 || entry.status !== 'streaming') showNewest()
    else timer ??= setTimeout(showNewest, wait)
  }
}
