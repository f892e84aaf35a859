/** What a run adds to its conversation. Every call gets exactly one result, whatever happens. */
import type {
  AgentFinishReason,
  AgentMessage,
  AgentResult,
  ModelResult,
  ToolCall,
  ToolResult,
} from '../types.ts'

export class Conversation {
  readonly #start: readonly AgentMessage[]
  readonly #added: AgentMessage[] = []
  readonly #ids = new Set<string>()
  #open: readonly ToolCall[] = []
  readonly #results = new Map<string, string>()
  #content = ''
  #steps = 0
  #promptTokens = 0
  #completionTokens = 0

  constructor(start: readonly AgentMessage[]) {
    this.#start = start
    for (const message of start) {
      if (message.role === 'assistant') for (const call of message.toolCalls ?? []) this.#ids.add(call.id)
    }
  }

  /** All messages so far: a copy, for the model. */
  get messages(): readonly AgentMessage[] {
    return [...this.#start, ...this.#added]
  }

  /** Adds an answer, and gives its calls: frozen, with ids that no other call of the conversation has. */
  addAnswer({ content, thinking, toolCalls, usage }: ModelResult): readonly ToolCall[] {
    this.#open = toolCalls.map((call) =>
      Object.freeze({ id: this.#freshId(call.id), name: call.name, arguments: call.arguments }),
    )
    this.#added.push({
      role: 'assistant',
      content,
      ...(thinking === '' ? {} : { thinking }),
      ...(this.#open.length === 0 ? {} : { toolCalls: this.#open }),
    })
    this.#content = content
    this.#steps++
    this.#promptTokens += usage?.promptTokens ?? 0
    this.#completionTokens += usage?.completionTokens ?? 0
    return this.#open
  }

  setResult({ call, content }: ToolResult): void {
    this.#results.set(call.id, content)
  }

  /** Puts the results of the last answer's calls behind it, in the order of the calls. */
  closeCalls(): void {
    for (const { id } of this.#open) {
      const content = this.#results.get(id) ?? 'Error: not run, because the run was stopped.'
      this.#added.push({ role: 'tool', toolCallId: id, content })
    }
    this.#open = []
    this.#results.clear()
  }

  result(end: { reason: AgentFinishReason; error?: unknown }): AgentResult {
    this.closeCalls()
    return {
      ...end,
      content: this.#content,
      messages: [...this.#added],
      steps: this.#steps,
      usage: { promptTokens: this.#promptTokens, completionTokens: this.#completionTokens },
    }
  }

  /** Servers leave ids out and use them twice. */
  #freshId(wanted: string): string {
    let id = wanted
    for (let number = this.#ids.size + 1; id === '' || this.#ids.has(id); number++) id = `call_${number}`
    this.#ids.add(id)
    return id
  }
}
