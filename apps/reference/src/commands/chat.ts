/** `octoscale chat`: one question, or a conversation. */
import { createInterface } from 'node:readline'
import { text as readAll } from 'node:stream/consumers'
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatMessage, type Llm, load } from 'octoscale'
import { UsageError } from '../explain.ts'
import { createProgress } from '../progress.ts'
import { bold, createPrinter, dim, quantity } from '../terminal.ts'
import { tools } from '../tools.ts'
import { runTurn } from '../turn.ts'
import { type ChatArguments, chatHelp, parseChatArguments } from './chat-options.ts'

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
    ...(options.maxContext === undefined ? {} : { maxContext: options.maxContext }),
    onProgress: progress.update,
  }).finally(progress.clear)
  try {
    if (llm.info.notice !== undefined) process.stderr.write(`${llm.info.notice}\n`)
    if (prompt === undefined) await converse(llm, options)
    else await answerOnce(llm, options, prompt)
  } finally {
    llm.dispose()
  }
}

function opening(options: ChatArguments): ChatMessage[] {
  return options.system === undefined ? [] : [{ role: 'system', content: options.system }]
}

function turnOptions(options: ChatArguments, thinking: boolean): Parameters<typeof runTurn>[2] {
  return { ...options.sampling, thinking, tools: options.tools ? tools : [] }
}

async function answerOnce(llm: Llm, options: ChatArguments, prompt: string): Promise<void> {
  const messages: ChatMessage[] = [...opening(options), { role: 'user', content: prompt }]
  if (!options.json) {
    await runTurn(llm, messages, turnOptions(options, options.thinking), terminalListener())
    return
  }
  const { results, messages: added } = await runTurn(llm, messages, turnOptions(options, options.thinking))
  const last = results.at(-1)
  const { name, parameters, bytes, backend, loadMilliseconds } = llm.info
  const report = { ...last, messages: added, model: { name, parameters, bytes, backend, loadMilliseconds } }
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

async function converse(llm: Llm, options: ChatArguments): Promise<void> {
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
      if (done || line.trim() === '/exit') return
      if (line.trim() === '') continue
      if (line.trim() === '/think') thinking = !thinking
      else if (line.trim() === '/new') messages = opening(options)
      else messages = await continueConversation(llm, options, messages, line, thinking, lines)
    }
  } finally {
    lines.close()
  }
}

/** One turn; Ctrl-C ends the answer, not the conversation. The conversation with or, if it broke off, without the turn. */
async function continueConversation(
  llm: Llm,
  options: ChatArguments,
  messages: ChatMessage[],
  line: string,
  thinking: boolean,
  lines: ReturnType<typeof createInterface>,
): Promise<ChatMessage[]> {
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  lines.once('SIGINT', interrupt)
  const asked: ChatMessage[] = [...messages, { role: 'user', content: line }]
  try {
    const request = { ...turnOptions(options, thinking), signal: controller.signal }
    const turn = await runTurn(llm, asked, request, terminalListener())
    const usage = turn.results.at(-1)?.usage
    if (usage !== undefined && usage.completionTokens > 1) {
      const rate = ((usage.completionTokens - 1) / usage.decodeMilliseconds) * 1000
      process.stdout.write(dim(`${usage.completionTokens} tokens, ${Math.round(rate)} tokens/s\n`))
    }
    return [...asked, ...turn.messages]
  } catch (error) {
    const why = controller.signal.aborted ? 'stopped' : error instanceof Error ? error.message : String(error)
    process.stdout.write(dim(`\n(${why})\n`))
    return messages
  } finally {
    lines.off('SIGINT', interrupt)
  }
}

function terminalListener(): Parameters<typeof runTurn>[3] {
  return {
    onEvent: createPrinter(process.stdout),
    onToolResult: (name, content) => process.stdout.write(`${dim(`${name} gives`)} ${content}\n`),
  }
}
