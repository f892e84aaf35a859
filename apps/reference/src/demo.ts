/** The demo: an answer, an answer with thinking, a tool call; then one line of figures. */
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatOptions, load } from 'octoscale'
import { runOrExplain } from './explain.ts'
import { bold, createPrinter, dim, quantity } from './terminal.ts'
import { convertFormat } from './tools.ts'
import { runTurn } from './turn.ts'

const turns: readonly {
  title: string
  question: string
  options: Pick<ChatOptions, 'thinking'>
  tools: boolean
}[] = [
  { title: 'without thinking', question: 'What is the largest E4M3 value?', options: {}, tools: false },
  { title: 'with thinking', question: 'What is 2718 + 3141?', options: { thinking: true }, tools: false },
  { title: 'with a tool', question: 'What is 0.3 in e4m3?', options: {}, tools: true },
]

await runOrExplain(async () => {
  const llm = await load(octoTiny)
  if (llm.info.notice !== undefined) console.log(dim(llm.info.notice))
  let tokens = 0
  let milliseconds = 0
  for (const { title, question, options, tools } of turns) {
    process.stdout.write(`${bold(`> ${question}`)} ${dim(`(${title})`)}\n`)
    const print = createPrinter(process.stdout)
    const turn = await runTurn(
      llm,
      [{ role: 'user', content: question }],
      { ...options, tools: tools ? [convertFormat] : [], maxTokens: 400 },
      {
        onEvent: print,
        onToolResult: (name, content) => process.stdout.write(`${dim(`${name} gives`)} ${content}\n`),
      },
    )
    process.stdout.write('\n')
    for (const { usage } of turn.results) {
      // The first token belongs to the prefill.
      tokens += usage.completionTokens - 1
      milliseconds += usage.decodeMilliseconds
    }
  }
  const { parameters, bytes, loadMilliseconds, backend, name } = llm.info
  console.log(
    `${name}: ${quantity(parameters)} parameters, ${quantity(bytes)}B, loaded in ${Math.round(loadMilliseconds)} ms, ` +
      `${Math.round((tokens / milliseconds) * 1000)} tokens/s on ${backend.name} (${backend.detail})`,
  )
  llm.dispose()
})
