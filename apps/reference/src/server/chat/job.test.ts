/** What becomes of the fields of a request. */
import type { ChatMessage } from 'octoscale'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../api-error.ts'
import { limits } from '../limits.ts'
import { parseChatJob } from './job.ts'

const user = { role: 'user', content: 'Hello' }
const job = (changes: object) => parseChatJob({ messages: [user], ...changes }, 'tiny')

function refusal(body: unknown): ApiError | undefined {
  try {
    parseChatJob(body, 'tiny')
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  return undefined
}

describe('options', () => {
  test('all that sampling knows', () => {
    const { chat } = job({
      temperature: 0.6,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      repetition_penalty: 1.1,
      presence_penalty: 0.5,
      frequency_penalty: -1,
      logit_bias: { 5: 1 },
      thinking_budget: 9,
      seed: 3,
      max_tokens: 10,
      stop: ['a', 'b'],
    })
    expect(chat).toEqual({
      messages: [user],
      tools: [],
      thinking: false,
      temperature: 0.6,
      topP: 0.9,
      topK: 40,
      minP: 0.05,
      repetitionPenalty: 1.1,
      presencePenalty: 0.5,
      frequencyPenalty: -1,
      logitBias: { 5: 1 },
      thinkingBudget: 9,
      seed: 3,
      maxTokens: 10,
      stop: ['a', 'b'],
    })
  })

  test('null and ignorable fields change nothing', () => {
    const names = ['model', 'temperature', 'top_p', 'top_k', 'seed', 'stop', 'tools', 'tool_choice', 'stream']
    const more = ['stream_options', 'thinking', 'reasoning', 'n', 'logprobs', 'response_format', 'logit_bias']
    const nulls = Object.fromEntries([...names, ...more].map((name) => [name, null]))
    const ignored = { user: 'u', store: true, metadata: {}, service_tier: 'auto', prompt_cache_key: 'k' }
    expect(job({ ...nulls, ...ignored })).toEqual(job({}))
  })

  test('formats of answers', () => {
    const schema = { type: 'object' }
    const format = (given: object) => job({ response_format: given }).chat.responseFormat
    expect(format({ type: 'text' })).toBeUndefined()
    expect(format({ type: 'json_object' })).toEqual({ type: 'json' })
    expect(format({ type: 'json_schema', json_schema: { name: 'a', schema } })).toEqual({
      type: 'json',
      schema,
    })
    expect(format({ type: 'json_schema', json_schema: { name: 'a' } })).toEqual({ type: 'json' })
  })

  test('what means nothing is accepted', () => {
    const nothing = { n: 1, logprobs: false, top_logprobs: 0, stop: [] }
    expect(job({ ...nothing, response_format: { type: 'text' }, modalities: ['text'] })).toEqual(job({}))
    expect(job({ stop: '' })).toEqual(job({}))
    expect(job({ top_k: -1 }).chat.topK).toBe(0)
  })

  test('max_completion_tokens is the newer name', () => {
    expect(job({ max_tokens: 5, max_completion_tokens: 6 }).chat.maxTokens).toBe(6)
  })
})

describe('messages', () => {
  test('roles, parts, history with calls and reasoning', () => {
    const { chat } = parseChatJob(
      {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
            name: 'me',
          },
          {
            role: 'assistant',
            content: null,
            reasoning_content: 'hm',
            tool_calls: [
              { id: 'x', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 'y', type: 'function', function: { name: 'f', arguments: { a: 2 } } },
              { function: { name: 'g' } },
            ],
          },
          { role: 'tool', tool_call_id: 'x', content: [{ type: 'text', text: '1' }] },
          { role: 'tool', tool_call_id: 'y', content: '2' },
          { role: 'tool', content: null },
        ],
      },
      'tiny',
    )
    expect(chat.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'a\nb' },
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        toolCalls: [
          { id: 'x', name: 'f', arguments: '{"a":1}' },
          { id: 'y', name: 'f', arguments: { a: 2 } },
          { name: 'g', arguments: '' },
        ],
      },
      { role: 'tool', toolCallId: 'x', content: '1' },
      { role: 'tool', toolCallId: 'y', content: '2' },
      { role: 'tool', content: '' },
    ])
  })

  test('an assistant turn without content, or with a refusal', () => {
    const messages = [
      user,
      { role: 'assistant', tool_calls: [] },
      user,
      { role: 'assistant', content: null, refusal: 'No.' },
      user,
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'Never.' }] },
      user,
    ]
    const contents = (parseChatJob({ messages }, 'tiny').chat.messages as readonly ChatMessage[]).map(
      ({ content }) => content,
    )
    expect(contents.filter((_, index) => index % 2 === 1)).toEqual(['', 'No.', 'Never.'])
  })
})

describe('tools', () => {
  const tool = { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }
  test('are offered, unless the choice is none', () => {
    const offered = [{ name: 'f', description: 'd', parameters: { type: 'object' } }]
    expect(job({ tools: [tool] })).toMatchObject({ chat: { tools: offered }, maxCalls: Infinity })
    expect(job({ tools: [tool], tool_choice: 'auto' }).chat.tools).toEqual(offered)
    expect(job({ tools: [tool], tool_choice: 'none' })).toMatchObject({ chat: { tools: [] }, maxCalls: 0 })
    expect(job({ tools: [tool], tool_choice: 'required' }).chat.toolChoice).toBe('required')
    const named = { type: 'function', function: { name: 'f' } }
    expect(job({ tools: [tool], tool_choice: named }).chat.toolChoice).toEqual({ name: 'f' })
    expect(job({ tools: [] })).toMatchObject({ chat: { tools: [] }, maxCalls: 0 })
    expect(job({ tools: [tool], parallel_tool_calls: false }).maxCalls).toBe(1)
    expect(job({ tools: [{ type: 'function', function: { name: 'g', strict: true } }] }).chat.tools).toEqual([
      { name: 'g' },
    ])
  })
})

describe('thinking', () => {
  test.each<[object, boolean]>([
    [{}, false],
    [{ thinking: true }, true],
    [{ thinking: { type: 'enabled' } }, true],
    [{ thinking: { type: 'enabled', budget_tokens: 1000 } }, true],
    [{ thinking: { type: 'disabled' } }, false],
    [{ thinking: { type: 'adaptive' } }, false],
    [{ thinking: { type: 'adaptive' }, reasoning_effort: 'low' }, true],
    [{ chat_template_kwargs: { thinking: true } }, true],
    [{ chat_template_kwargs: { enable_thinking: true } }, true],
    [{ think: true }, true],
    [{ think: 'low' }, true],
    [{ think: 'none' }, false],
    [{ reasoning: { enabled: true } }, true],
    [{ reasoning: { effort: 'max' } }, true],
    [{ reasoning_effort: 'minimal' }, true],
    [{ reasoning_effort: 'none' }, false],
    // A yes or no counts before an effort.
    [{ thinking: { type: 'disabled' }, reasoning_effort: 'high' }, false],
    [{ thinking: true, reasoning: { effort: 'none' } }, true],
    [{ chat_template_kwargs: { enable_thinking: false }, think: 'high' }, false],
  ])('%j is %s', (changes, thinking) => {
    expect(job(changes).chat.thinking).toBe(thinking)
  })

  test.each<[object, string]>([
    [{ thinking: true, chat_template_kwargs: { thinking: false } }, 'chat_template_kwargs.thinking'],
    [
      { chat_template_kwargs: { thinking: false, enable_thinking: true } },
      'chat_template_kwargs.enable_thinking',
    ],
    [{ thinking: { type: 'disabled' }, reasoning: { enabled: true } }, 'reasoning.enabled'],
    [{ reasoning_effort: 'none', reasoning: { effort: 'high' } }, 'reasoning.effort'],
  ])('%j contradicts itself', (changes, param) => {
    expect(refusal({ messages: [user], ...changes })).toMatchObject({ status: 400, param })
  })
})

describe('refused', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }
  const assistant = { role: 'assistant', content: 'Hi' }
  test.each<[string, object, string]>([
    ['no messages', { messages: [] }, 'messages'],
    ['messages missing', { messages: undefined }, 'messages'],
    ['too many messages', { messages: new Array(limits.messages + 1).fill(user) }, 'messages'],
    ['unknown role', { messages: [{ role: 'robot', content: '' }] }, 'messages[0].role'],
    ['legacy role', { messages: [{ role: 'function', name: 'f', content: '' }] }, 'messages[0].role'],
    ['content missing', { messages: [{ role: 'user' }] }, 'messages[0].content'],
    ['content a number', { messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    ['image', { messages: [{ role: 'user', content: [image] }] }, 'messages[0].content[0].type'],
    [
      'text part without text',
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages[0].content[0].text',
    ],
    ['the model spoke last', { messages: [user, assistant] }, 'messages[1].role'],
    ['nothing but a system message', { messages: [{ role: 'system', content: 'a' }] }, 'messages[0].role'],
    ['prefix completion', { messages: [user, { ...assistant, prefix: true }] }, 'messages[1].prefix'],
    ['n', { n: 2 }, 'n'],
    ['logprobs', { logprobs: true }, 'logprobs'],
    ['top_logprobs', { top_logprobs: 3 }, 'top_logprobs'],
    ['logit_bias', { logit_bias: [1] }, 'logit_bias'],
    ['logit_bias', { logit_bias: { 5: 101 } }, 'logit_bias.5'],
    ['response_format of a wrong type', { response_format: 'json' }, 'response_format'],
    ['response_format of an unknown type', { response_format: { type: 'xml' } }, 'response_format.type'],
    ['penalty', { presence_penalty: 2.5 }, 'presence_penalty'],
    ['penalty', { frequency_penalty: -3 }, 'frequency_penalty'],
    ['budget', { thinking_budget: -1 }, 'thinking_budget'],
    ['audio', { modalities: ['text', 'audio'] }, 'modalities'],
    ['legacy functions', { functions: [{ name: 'f' }] }, 'functions'],
    ['grammar', { guided_regex: 'a+' }, 'guided_regex'],
    ['custom tool', { tools: [{ type: 'custom', custom: { name: 'f' } }] }, 'tools[0].type'],
    ['tool without a name', { tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [
      'parameters an array',
      { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
      'tools[0].function.parameters',
    ],
    [
      'a tool twice',
      { tools: new Array(2).fill({ type: 'function', function: { name: 'f' } }) },
      'tools[1].function.name',
    ],
    [
      'too many tools',
      { tools: new Array(129).fill({ type: 'function', function: { name: 'f' } }) },
      'tools',
    ],
    ['required without tools', { tool_choice: 'required' }, 'tool_choice'],
    [
      'a tool that there is not',
      { tool_choice: { type: 'function', function: { name: 'f' } } },
      'tool_choice.function.name',
    ],
    ['a choice of another kind', { tool_choice: { type: 'allowed_tools' } }, 'tool_choice'],
    ['unknown choice', { tool_choice: 'always' }, 'tool_choice'],
    ['stop strings', { stop: new Array(17).fill('a') }, 'stop'],
    ['empty stop string', { stop: ['a', ''] }, 'stop[1]'],
    ['long stop string', { stop: 'a'.repeat(257) }, 'stop'],
    ['temperature', { temperature: -1 }, 'temperature'],
    ['temperature as text', { temperature: '0.5' }, 'temperature'],
    ['top_p', { top_p: 0 }, 'top_p'],
    ['a penalty that makes logits infinite', { repetition_penalty: 1e-320 }, 'repetition_penalty'],
    ['seed', { seed: 1.5 }, 'seed'],
    ['max_tokens', { max_tokens: 0 }, 'max_tokens'],
    ['stream', { stream: 'yes' }, 'stream'],
    ['effort', { reasoning_effort: 'extreme' }, 'reasoning_effort'],
    ['thinking', { thinking: 'on' }, 'thinking'],
    ['thinking.type', { thinking: { type: 'perhaps' } }, 'thinking'],
  ])('%s', (_, changes, param) => {
    const error = refusal({ messages: [user], ...changes })
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param })
    expect(error?.message).toContain(param)
  })

  test.each([[null], [5], ['text'], [[]]])('a body %j', (body) => {
    expect(refusal(body)).toMatchObject({ status: 400, param: null })
  })

  test('another model, whose name is cut', () => {
    const error = refusal({ messages: [user], model: 'x'.repeat(5000) })
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' })
    expect(error?.message.length).toBeLessThan(300)
    expect(refusal({ messages: [user], model: 'tiny' })).toBeUndefined()
  })

  test('fields of Object.prototype are not read', () => {
    const body = JSON.parse('{"messages":[{"role":"user","content":"a"}],"__proto__":{"n":2,"stream":true}}')
    expect(parseChatJob(body, 'tiny')).toMatchObject({ stream: false })
    expect(({} as { n?: number }).n).toBeUndefined()
  })
})
