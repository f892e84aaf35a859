// Text to tokens and back, and the text that the model really sees of a conversation with a tool.
import { readFile } from 'node:fs/promises'
import { octoTiny } from '@octoscale/octo-tiny'
import { renderChat, tokenizerFromJson } from '@octoscale/tokenizer'

const tokenizer = tokenizerFromJson(
  JSON.parse(await readFile(octoTiny.files['tokenizer.json'] as URL, 'utf8')),
)

const text = 'Grüße! 3.14 🚀'
const ids = tokenizer.encode(text)
console.log(`${text} is ${ids.length} of ${tokenizer.size} tokens: ${ids.join(' ')}`)
console.log(`and back: ${tokenizer.decode(ids)}`)

const time = {
  name: 'get_time',
  description: 'Time in a city.',
  parameters: { type: 'object', properties: {} },
}
console.log(
  renderChat([{ role: 'user', content: 'What time is it in Oslo?' }], { tools: [time], thinking: true }),
)
