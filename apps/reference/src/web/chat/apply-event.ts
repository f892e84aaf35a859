/** One event of an agent run into the turn that it belongs to. Pure: the time is given. */
import type { AgentEvent, AgentResult } from '@octoscale/agent-tools'
import { type AssistantEntry, type CallEntry, emptyStep, type Step, type TurnStatus } from './conversation.ts'
import { failureOf } from './failure.ts'

const statusOf: Readonly<Record<AgentResult['reason'], TurnStatus>> = {
  stop: 'done',
  length: 'length',
  steps: 'steps',
  time: 'steps',
  aborted: 'stopped',
  error: 'failed',
}

/** `now` in milliseconds; `thinkingSince` is when the thinking that is under way began. */
export function applyEvent(
  entry: AssistantEntry,
  event: AgentEvent,
  thinkingMilliseconds: number,
): AssistantEntry {
  switch (event.type) {
    case 'step':
      return { ...entry, steps: [...entry.steps, emptyStep] }
    case 'thinking':
      return changeStep(entry, event.step, (step) => ({ ...step, thinking: step.thinking + event.text }))
    case 'text':
      return changeStep(entry, event.step, (step) => ({
        ...thought(step, thinkingMilliseconds),
        text: step.text + event.text,
      }))
    case 'tool-call':
      return changeStep(entry, event.step, (step) => ({
        ...thought(step, thinkingMilliseconds),
        calls: [...step.calls, { ...event.call, status: 'running' }],
      }))
    case 'tool-result': {
      const { call, content, isError, milliseconds } = event.result
      return changeCall(entry, call.id, (one) => ({
        ...one,
        status: !isError ? 'done' : one.status === 'denied' ? 'denied' : 'failed',
        result: content,
        milliseconds,
      }))
    }
    case 'error':
      return { ...entry, error: failureOf(event.error) }
    case 'finish': {
      const status = statusOf[event.result.reason]
      const steps = entry.steps.map((step) => thought(step, thinkingMilliseconds))
      return { ...entry, status, steps }
    }
  }
}

/** The thinking of a step is over. */
function thought(step: Step, milliseconds: number): Step {
  const open = step.thinking !== '' && step.thinkingMilliseconds === undefined
  return open ? { ...step, thinkingMilliseconds: milliseconds } : step
}

function changeStep(entry: AssistantEntry, number: number, change: (step: Step) => Step): AssistantEntry {
  return { ...entry, steps: entry.steps.map((step, i) => (i === number - 1 ? change(step) : step)) }
}

/** The last call of that id: small models' calls are numbered anew in each answer. */
export function changeCall(
  entry: AssistantEntry,
  id: string,
  change: (call: CallEntry) => CallEntry,
): AssistantEntry {
  const at = entry.steps.findLastIndex((step) => step.calls.some((call) => call.id === id))
  return changeStep(entry, at + 1, (step) => ({
    ...step,
    calls: step.calls.map((call) => (call.id === id ? change(call) : call)),
  }))
}
