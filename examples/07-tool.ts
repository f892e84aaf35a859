// The model asks for a tool, the program runs it, the model answers from the result.
import { decode, encode } from '@octoscale/fp8-core'
import { octoTiny } from '@octoscale/octo-tiny'
import { type ChatMessage, load, type ToolDefinition } from 'octoscale'

const convert: ToolDefinition = {
  name: 'convert_format',
  description: 'Round a number to a number format.',
  parameters: {
    type: 'object',
    properties: { value: { type: 'number' }, format: { type: 'string', enum: ['e4m3', 'e5m2'] } },
    required: ['value', 'format'],
  },
}

const llm = await load(octoTiny)
const messages: ChatMessage[] = [{ role: 'user', content: 'What is 3.3 in e4m3?' }]
const ask = () => llm.chat({ messages, tools: [convert], temperature: 0, maxTokens: 100 }).result()

const asked = await ask()
messages.push(asked)
for (const call of asked.toolCalls) {
  console.log(`call ${call.name} ${call.arguments}`)
  const { value, format } = JSON.parse(call.arguments) as { value: number; format: string }
  const content = JSON.stringify({ value: decode(encode(Number(value), format), format) })
  console.log(`result ${content}`)
  messages.push({ role: 'tool', content, toolCallId: call.id })
}
console.log((asked.toolCalls.length > 0 ? await ask() : asked).content)
llm.dispose()
