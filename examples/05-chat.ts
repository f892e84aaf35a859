// A conversation with the embedded model, as it comes.
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatMessage, load } from 'octoscale'

const llm = await load(octoTiny)
console.log(`${llm.info.name} on ${llm.info.backend.name}`)

const messages: ChatMessage[] = []
for (const question of ['Hello!', 'How many bits has E4M3?']) {
  messages.push({ role: 'user', content: question })
  console.log(`\n> ${question}`)
  const reply = llm.chat({ messages, temperature: 0, maxTokens: 60 })
  for await (const event of reply) if (event.type === 'text-delta') process.stdout.write(event.text)
  const { content, usage } = await reply.result()
  messages.push({ role: 'assistant', content })
  console.log(`\n(${usage.cachedTokens} of ${usage.promptTokens} prompt tokens were in the cache)`)
}
llm.dispose()
