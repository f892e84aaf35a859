/** A conversation as the page holds and saves it: more than the messages, since people also see how an answer came. */
import type { AgentMessage, ToolCall } from '@octoscale/agent-tools'

export interface UserEntry {
  readonly role: 'user'
  readonly id: string
  readonly text: string
}

/** `waiting`: a person has to allow it. `denied` and `failed` also have a result: what the model was told. */
export type CallStatus = 'waiting' | 'running' | 'done' | 'failed' | 'denied'

export interface CallEntry extends ToolCall {
  readonly status: CallStatus
  /** What the tool gets, as JSON, when a person was asked: the text of a call can hide things (a name twice). */
  readonly asked?: string
  readonly result?: string
  readonly milliseconds?: number
}

/** One answer of the model; a turn with tools has several. */
export interface Step {
  readonly thinking: string
  /** Absent while it thinks. */
  readonly thinkingMilliseconds?: number
  readonly text: string
  readonly calls: readonly CallEntry[]
}

/** Figures of a turn, over all its steps. */
export interface TurnFigures {
  /** Of the last step: how much of the context is in use is the sum of the two. */
  readonly promptTokens: number
  readonly lastCompletionTokens: number
  readonly completionTokens: number
  readonly firstTokenMilliseconds: number
  /** Absent for answers too short to tell. */
  readonly tokensPerSecond?: number
}

/** `stopped`: by the person. `length`: no room left. `steps`: more rounds of tools than allowed. */
export type TurnStatus = 'streaming' | 'done' | 'stopped' | 'length' | 'steps' | 'failed'

export interface AssistantEntry {
  readonly role: 'assistant'
  readonly id: string
  /** Name of the model, for people. */
  readonly model: string
  readonly status: TurnStatus
  readonly steps: readonly Step[]
  readonly error?: { readonly name: string; readonly message: string }
  readonly figures?: TurnFigures
}

export type Entry = UserEntry | AssistantEntry

export const emptyStep: Step = { thinking: '', text: '', calls: [] }

/** Why a call has no result of its own when its turn was ended: the model must see one for each call. */
const unfinished = 'error: the call was ended before it had a result'

/** What the model is sent. Turns that failed without content are left out; every call gets a result. */
export function messagesOf(entries: readonly Entry[], systemPrompt: string): AgentMessage[] {
  const system: AgentMessage[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }]
  // With their questions: one that was too long would else fail every question after it.
  const sent = entries.filter((entry, at) => !cameToNothing(entry.role === 'user' ? entries[at + 1] : entry))
  return [...system, ...sent.flatMap(entryMessages)]
}

function cameToNothing(entry: Entry | undefined): boolean {
  return (
    entry?.role === 'assistant' && entry.status === 'failed' && entry.steps.flatMap(stepMessages).length === 0
  )
}

function entryMessages(entry: Entry): AgentMessage[] {
  if (entry.role === 'user') return [{ role: 'user', content: entry.text }]
  return entry.steps.flatMap(stepMessages)
}

function stepMessages({ thinking, text, calls }: Step): AgentMessage[] {
  if (text === '' && calls.length === 0) return []
  const toolCalls = calls.map(({ id, name, arguments: json }) => ({ id, name, arguments: json }))
  return [
    {
      role: 'assistant',
      content: text,
      ...(thinking === '' ? {} : { thinking }),
      ...(toolCalls.length === 0 ? {} : { toolCalls }),
    },
    ...calls.map(
      ({ id, result }): AgentMessage => ({ role: 'tool', content: result ?? unfinished, toolCallId: id }),
    ),
  ]
}

/** The text of a turn's answer, as it is copied. */
export function answerText(entry: AssistantEntry): string {
  return entry.steps
    .map((step) => step.text.trim())
    .filter((text) => text !== '')
    .join('\n\n')
}

/** A turn seen from a copy that was taken while it was made: nobody goes on with it. */
export function asStopped(entry: Entry): Entry {
  if (entry.role === 'user' || entry.status !== 'streaming') return entry
  const steps = entry.steps.map((step) => ({
    ...step,
    calls: step.calls.map((call) =>
      call.status === 'waiting' || call.status === 'running' ? { ...call, status: 'failed' as const } : call,
    ),
  }))
  return { ...entry, status: 'stopped', steps }
}
