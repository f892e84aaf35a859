/** The demo: an answer, an answer with thinking, a tool call; then one line of figures, and on a terminal an offer to go on. */
import { createInterface } from 'node:readline/promises'
import { runAgent } from '@octoscale/agent-tools'
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatResult, load } from 'octoscale'
import { chatCommand } from './commands/chat.ts'
import { serveCommand } from './commands/serve.ts'
import { runOrExplain } from './explain.ts'
import { localModel } from './local-model.ts'
import { bold, createPrinter, dim, quantity } from './terminal.ts'
import { convertFormat } from './tools.ts'

const turns = [
  { title: 'without thinking', messages: 'What is the largest E4M3 value?', thinking: false, tools: [] },
  { title: 'with thinking', messages: 'What is 2718 + 3141?', thinking: true, tools: [] },
  { title: 'with a tool', messages: 'What is 0.3 in e4m3?', thinking: false, tools: [convertFormat] },
]

await runOrExplain(async () => {
  await showModel()
  if (process.stdin.isTTY && process.stdout.isTTY) await goOn()
})

async function showModel(): Promise<void> {
  const llm = await load(octoTiny)
  if (llm.info.notice !== undefined) console.log(dim(llm.info.notice))
  const answers: ChatResult[] = []
  for (const { title, messages, thinking, tools } of turns) {
    process.stdout.write(`${bold(`> ${messages}`)} ${dim(`(${title})`)}\n`)
    const model = localModel(llm, { thinking, maxTokens: 400 }, answers)
    const run = runAgent({ model, messages, tools })
    const print = createPrinter(process.stdout)
    for await (const event of run) print(event)
    const result = await run.result()
    if (result.reason === 'error') throw result.error
    process.stdout.write('\n')
  }
  const { parameters, bytes, loadMilliseconds, backend, name } = llm.info
  console.log(
    `${name}: ${quantity(parameters)} parameters, ${quantity(bytes)}B, loaded in ${Math.round(loadMilliseconds)} ms, ` +
      `${Math.round(tokensPerSecond(answers))} tokens/s on ${backend.name} (${backend.detail})`,
  )
  llm.dispose()
}

/** Of decoding alone: the first token of an answer belongs to its prefill. */
function tokensPerSecond(answers: readonly ChatResult[]): number {
  const tokens = answers.reduce((sum, { usage }) => sum + usage.completionTokens - 1, 0)
  const milliseconds = answers.reduce((sum, { usage }) => sum + usage.decodeMilliseconds, 0)
  return (tokens / milliseconds) * 1000
}

async function goOn(): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const question = `\n${bold('c')} chat here, ${bold('w')} open the web app, Enter to end: `
  // Ctrl-C and Ctrl-D leave the terminal in the middle of the line.
  const answer = await lines.question(question).catch(() => {
    process.stdout.write('\n')
    return ''
  })
  lines.close()
  const wanted = answer.trim().toLowerCase()
  if (wanted.startsWith('c')) await chatCommand(['--tools'])
  else if (wanted.startsWith('w')) await serveCommand(['--open', '--port', '0'])
}
