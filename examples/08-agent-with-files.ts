// An agent that may look into one folder and nowhere else. What it does comes as events.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AgentModel, runAgent } from '@octoscale/agent-tools'
import { fileTools } from '@octoscale/agent-tools/node'
import { octoTiny } from '@octoscale/octo-tiny'
import { load } from 'octoscale'

const root = await mkdtemp(join(tmpdir(), 'notes-'))
await writeFile(join(root, 'meeting.txt'), 'The meeting is at 14:30.')
await writeFile(join(root, 'shopping.txt'), 'milk, eggs, bread')

const llm = await load(octoTiny)
const model: AgentModel = (request) => llm.chat({ ...request, temperature: 0, maxTokens: 100 })
const tools = await fileTools({ root })

for (const question of ['What is in meeting.txt?', 'Find eggs in the files.']) {
  console.log(`> ${question}`)
  for await (const event of runAgent({ model, tools, messages: question })) {
    if (event.type === 'tool-call') console.log(`  calls ${event.call.name} ${event.call.arguments}`)
    if (event.type === 'tool-result') console.log(`  gives ${event.result.content}`)
    if (event.type === 'finish') console.log(`${event.result.content} (${event.result.steps} steps)`)
  }
}
llm.dispose()
await rm(root, { recursive: true })
