/** The options of a run, checked, with their defaults. */
import { describe } from '../describe.ts'
import { AgentOptionError } from '../errors.ts'
import { limit, longestTimeout } from '../limit.ts'
import type { AgentMessage, AgentModel, Tool, ToolCall } from '../types.ts'

/** A person's answer to a call that needs approval. Anything but a clear yes is a no; the model is told the reason. */
export type ApprovalDecision = boolean | { readonly approved: boolean; readonly reason?: string | undefined }

export interface ApprovalContext {
  /**
   * The arguments that the tool gets if approved, parsed (before a schema converts them). Show these rather than the
   * text: JSON text can hide things (a name twice, escapes).
   */
  readonly input: unknown
  /** Aborted when the run is: the question no longer matters. */
  readonly signal: AbortSignal
}

export type Approve = (
  call: ToolCall,
  tool: Tool,
  context: ApprovalContext,
) => ApprovalDecision | Promise<ApprovalDecision>

export interface AgentOptions {
  readonly model: AgentModel
  /** The conversation so far. A string is one user message. */
  readonly messages: string | readonly AgentMessage[]
  readonly tools?: readonly Tool[] | undefined
  /** Answers of the model at most; 1 or more. Calls of the last one still run. Default 8. */
  readonly maxSteps?: number | undefined
  /** Calls that run at most, in the whole run; 0 or more. Those beyond get a result that says so. Default 64. */
  readonly maxToolCalls?: number | undefined
  /** Calls of one answer that run at the same time; 1 or more. Default 4. */
  readonly maxParallel?: number | undefined
  /** Wall time of the run, waiting for approvals included; above 0. Default: no limit. */
  readonly maxMilliseconds?: number | undefined
  /** Characters of one tool result; 200 or more. Of a longer one the middle is left out. Default 20,000. */
  readonly maxResultLength?: number | undefined
  /** Asked before a call that needs approval, one call at a time. Default: such calls are refused. */
  readonly approve?: Approve | undefined
  /** Ends the run early, with reason `aborted`. */
  readonly signal?: AbortSignal | undefined
}

export interface RunSettings {
  readonly model: AgentModel
  readonly messages: readonly AgentMessage[]
  readonly tools: ReadonlyMap<string, Tool>
  readonly maxSteps: number
  readonly maxToolCalls: number
  readonly maxParallel: number
  readonly maxMilliseconds: number | undefined
  readonly maxResultLength: number
  readonly approve: Approve | undefined
  readonly signal: AbortSignal | undefined
}

/** @throws AgentOptionError */
export function checkOptions(options: AgentOptions): RunSettings {
  const { model, approve, signal, maxMilliseconds } = options
  requireOption('model', typeof model === 'function', 'a function', model)
  requireOption(
    'approve',
    approve === undefined || typeof approve === 'function',
    'a function or left out',
    approve,
  )
  requireOption(
    'maxMilliseconds',
    maxMilliseconds === undefined ||
      (typeof maxMilliseconds === 'number' && maxMilliseconds > 0 && maxMilliseconds <= longestTimeout),
    `above 0, at most ${longestTimeout}`,
    maxMilliseconds,
  )
  requireOption(
    'signal',
    signal === undefined || typeof signal?.addEventListener === 'function',
    'an AbortSignal',
    signal,
  )
  return {
    model,
    messages: checkMessages(options.messages),
    tools: checkTools(options.tools ?? []),
    maxSteps: limit('maxSteps', options.maxSteps, 8),
    maxToolCalls: limit('maxToolCalls', options.maxToolCalls, 64, { least: 0 }),
    maxParallel: limit('maxParallel', options.maxParallel, 4),
    maxMilliseconds,
    maxResultLength: limit('maxResultLength', options.maxResultLength, 20_000, { least: 200 }),
    approve,
    signal,
  }
}

function requireOption(option: string, holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new AgentOptionError({ option, expected, got: describe(got) })
}

const roles = new Set(['system', 'user', 'assistant', 'tool'])

function checkMessages(messages: AgentOptions['messages']): readonly AgentMessage[] {
  if (typeof messages === 'string') return [{ role: 'user', content: messages }]
  requireOption('messages', Array.isArray(messages) && messages.length > 0, 'text or messages', messages)
  for (const [index, message] of messages.entries()) {
    const option = `messages[${index}]`
    requireOption(`${option}.role`, roles.has(message?.role), [...roles].join(', '), message?.role)
    requireOption(`${option}.content`, typeof message.content === 'string', 'text', message.content)
  }
  return [...messages]
}

function checkTools(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  requireOption('tools', Array.isArray(tools), 'a list of tools', tools)
  const byName = new Map<string, Tool>()
  for (const [index, tool] of tools.entries()) {
    const isTool = typeof tool?.check === 'function' && typeof tool.execute === 'function'
    requireOption(`tools[${index}]`, isTool, 'a tool, made by defineTool', tool)
    requireOption(`tools[${index}].name`, !byName.has(tool.name), 'a name that no other tool has', tool.name)
    byName.set(tool.name, tool)
  }
  return byName
}
