/** `octoscale chat`: one question, or a conversation. */
import { createInterface } from 'node:readline'
import { text as readAll } from 'node:stream/consumers'
import { type AgentMessage, type AgentResult, runAgent, type Tool } from '@octoscale/agent-tools'
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatResult, type Llm, load } from 'octoscale'
import { UsageError } from '../explain.ts'
import { localModel } from '../local-model.ts'
import { createProgress } from '../progress.ts'
import { bold, createPrinter, dim, quantity } from '../terminal.ts'
import { type ChatArguments, chatHelp, parseChatArguments } from './chat-options.ts'
import { offeredTools } from './chat-tools.ts'

export async function chatCommand(args: string[]): Promise<void> {
  const options = parseChatArguments(args)
  if (options.help) {
    process.stdout.write(chatHelp)
    return
  }
  const prompt = options.prompt === '-' ? await readAll(process.stdin) : options.prompt
  if (prompt !== undefined && prompt.trim() === '') throw new UsageError('the prompt is empty')

  const progress = createProgress(process.stderr)
  const llm = await load(options.model ?? octoTiny, {
    backend: options.backend,
    ...options.compute,
    ...(options.maxContext === undefined ? {} : { maxContext: options.maxContext }),
    onProgress: progress.update,
  }).finally(progress.clear)
  try {
    if (llm.info.notice !== undefined && process.stderr.isTTY) process.stderr.write(`${llm.info.notice}\n`)
    const session = { llm, options, tools: await offeredTools(options) }
    if (prompt === undefined) await converse(session)
    else await answerOnce(session, prompt)
  } finally {
    llm.dispose()
  }
}

interface Session {
  readonly llm: Llm
  readonly options: ChatArguments
  readonly tools: readonly Tool[]
}

function opening(options: ChatArguments): AgentMessage[] {
  return options.system === undefined ? [] : [{ role: 'system', content: options.system }]
}

interface Turn {
  readonly result: AgentResult
  /** One for each answer of the model; the last one is the end. */
  readonly answers: readonly ChatResult[]
}

/** One question with the tool calls on the way to its answer, shown as it comes unless that is `quiet`. */
async function runTurn(
  { llm, options, tools }: Session,
  messages: readonly AgentMessage[],
  more: { readonly thinking: boolean; readonly quiet?: boolean; readonly signal?: AbortSignal },
): Promise<Turn> {
  const answers: ChatResult[] = []
  const model = localModel(llm, { ...options.sampling, thinking: more.thinking }, answers)
  const run = runAgent({ model, messages, tools, signal: more.signal })
  const print = more.quiet ? () => {} : createPrinter(process.stdout)
  for await (const event of run) print(event)
  const result = await run.result()
  if (result.reason === 'error') throw result.error
  return { result, answers }
}

async function answerOnce(session: Session, prompt: string): Promise<void> {
  const { llm, options } = session
  const messages: AgentMessage[] = [...opening(options), { role: 'user', content: prompt }]
  const turn = await runTurn(session, messages, { thinking: options.thinking, quiet: options.json })
  if (!options.json) return
  const { name, parameters, bytes, cacheType, backend, notice, loadMilliseconds } = llm.info
  const report = {
    ...turn.answers.at(-1),
    messages: turn.result.messages,
    model: { name, parameters, bytes, cacheType, backend, notice, loadMilliseconds },
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

async function converse(session: Session): Promise<void> {
  const { llm, options } = session
  const { name, parameters, backend } = llm.info
  process.stdout.write(
    dim(`${name}, ${quantity(parameters)} parameters, ${backend.name}. /think /new /exit\n`),
  )
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  // An iterator keeps lines that arrive while an answer is being made; `question` would lose them.
  const input = lines[Symbol.asyncIterator]()
  let inputEnded = false
  lines.once('close', () => {
    inputEnded = true
  })
  let thinking = options.thinking
  let messages = opening(options)
  try {
    for (;;) {
      lines.setPrompt(bold(thinking ? 'think> ' : '> '))
      // Piped input ends while its lines still wait; prompting would then be an error.
      if (!inputEnded) lines.prompt()
      const { value: line, done } = await input.next()
      // Ctrl-C and Ctrl-D leave the terminal in the middle of the line.
      if (done && process.stdin.isTTY) process.stdout.write('\n')
      if (done || line.trim() === '/exit') return
      const words = line.trim()
      if (words === '') continue
      if (words === '/think') thinking = !thinking
      else if (words === '/new') {
        messages = opening(options)
        process.stdout.write(dim('(a new conversation)\n'))
      }
      // A slip is not sent to the model, whose answer to it would only confuse.
      else if (/^\/\w*$/.test(words)) process.stdout.write(dim(`(there are /think, /new and /exit)\n`))
      else messages = await continueConversation(session, messages, line, thinking, lines)
    }
  } finally {
    lines.close()
  }
}

/** One turn; Ctrl-C ends the answer, not the conversation. The conversation with or, if it broke off, without the turn. */
async function continueConversation(
  session: Session,
  messages: AgentMessage[],
  line: string,
  thinking: boolean,
  lines: ReturnType<typeof createInterface>,
): Promise<AgentMessage[]> {
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  lines.once('SIGINT', interrupt)
  const asked: AgentMessage[] = [...messages, { role: 'user', content: line }]
  try {
    const { signal } = controller
    const { result, answers } = await runTurn(session, asked, { thinking, signal })
    if (result.reason === 'aborted') return messages
    const usage = answers.at(-1)?.usage
    if (usage !== undefined && usage.completionTokens > 1) {
      const rate = ((usage.completionTokens - 1) / usage.decodeMilliseconds) * 1000
      process.stdout.write(dim(`${usage.completionTokens} tokens, ${Math.round(rate)} tokens/s\n`))
    }
    return [...asked, ...result.messages]
  } catch (error) {
    process.stdout.write(dim(`\n(${error instanceof Error ? error.message : String(error)})\n`))
    return messages
  } finally {
    lines.off('SIGINT', interrupt)
  }
}
