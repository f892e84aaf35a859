// One model, with and without thinking.
import { octoTiny } from '@octoscale/octo-tiny'
import { load } from 'octoscale'

const llm = await load(octoTiny)
for (const thinking of [false, true]) {
  const reply = await llm
    .chat({ messages: 'What is 478 + 395?', thinking, temperature: 0, maxTokens: 200 })
    .result()
  console.log(thinking ? 'with thinking' : 'without thinking')
  if (reply.thinking !== '') console.log(reply.thinking.replace(/^/gm, '  | '))
  console.log(`  ${reply.content}`)
}
llm.dispose()
