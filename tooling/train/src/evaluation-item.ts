import { renderSegments } from './render.ts';
import type { Conversation, Expectation, ToolCall, ToolDefinition } from './types.ts';

interface ChatMessage {
  role: string;
  content: string;
  toolCalls?: (ToolCall & { id: string })[];
  toolCallId?: string;
}

/** One line of an evaluation file; messages and tools have the shape of the public chat API. */
export interface EvaluationItem {
  readonly row: string;
  readonly thinking: boolean;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDefinition[];
  readonly prompt: string;
  readonly expected: string;
  readonly expect: Expectation;
}

export function evaluationItem(row: string, conversation: Conversation): EvaluationItem {
  const segments = renderSegments(conversation);
  const expected = segments.at(-1)?.text ?? '';
  const prompt = segments.slice(0, -1).map((segment) => segment.text).join('');
  let calls: string[] = [];
  let made = 0;
  const messages = conversation.messages.slice(0, -1).map((message): ChatMessage => {
    if (message.role === 'tool') return { role: 'tool', content: message.content, toolCallId: calls.shift() ?? '' };
    if (message.role !== 'assistant' || !message.calls) return { role: message.role, content: message.content };
    calls = message.calls.map(() => `call_${made++}`);
    return { role: 'assistant', content: message.content, toolCalls: message.calls.map((call, index) => ({ id: calls[index] as string, ...call })) };
  });
  const { tools } = conversation;
  const last = conversation.messages.at(-1);
  const expect = conversation.expect.kind === 'exact' && last ? { ...conversation.expect, values: [last.content] } : conversation.expect;
  return { row, thinking: conversation.thinking, messages, ...(tools ? { tools } : {}), prompt, expected, expect };
}
