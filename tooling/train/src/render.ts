import { pythonJson } from './python-json.ts';
import type { Conversation, Message, Segment, ToolDefinition } from './types.ts';

const BOS = '<｜begin▁of▁sentence｜>';
const EOS = '<｜end▁of▁sentence｜>';
const CALL_FORMAT =
  '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments' +
  '<｜tool▁call▁end｜>{{additional_tool_calls}}<｜tool▁calls▁end｜>';

export function renderTools(tools: readonly ToolDefinition[]): string {
  const list = tools.map(
    (tool) =>
      `### ${tool.name}\nDescription: ${tool.description}\n\nParameters: ${pythonJson(tool.parameters)}\n`,
  );
  return (
    `## Tools\nYou have access to the following tools:\n\n${list.join('\n')}\n` +
    `IMPORTANT: ALWAYS adhere to this exact format for tool use:\n${CALL_FORMAT}\n\nWhere:\n` +
    '- `tool_call_name` must be an exact match to one of the available tools\n' +
    "- `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema\n" +
    '- For multiple tool calls, chain them directly without separators or spaces'
  );
}

function assistantText(message: Extract<Message, { role: 'assistant' }>): string {
  const calls = (message.calls ?? []).map(
    (call) => `<｜tool▁call▁begin｜>${call.name}<｜tool▁sep｜>${call.arguments}<｜tool▁call▁end｜>`,
  );
  const block = calls.length ? `<｜tool▁calls▁begin｜>${calls.join('')}<｜tool▁calls▁end｜>` : '';
  const thought = message.thought === undefined ? '' : `${message.thought}</think>`;
  return thought + message.content + block + EOS;
}

/** The V3.1 template, cut where the assistant starts and stops writing. */
export function renderSegments(conversation: Conversation): Segment[] {
  const { messages, tools, thinking } = conversation;
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  if (tools?.length) system.push(renderTools(tools));
  const turns = messages.filter((message) => message.role !== 'system');
  const segments: Segment[] = [];
  let pending = BOS + system.join('\n\n');
  turns.forEach((message, index) => {
    const last = index === turns.length - 1;
    if (message.role === 'user') {
      pending += `<｜User｜>${message.content}<｜Assistant｜>${thinking && index === turns.length - 2 ? '<think>' : '</think>'}`;
    } else if (message.role === 'tool') {
      pending += `<｜tool▁output▁begin｜>${message.content}<｜tool▁output▁end｜>`;
    } else if (thinking && !last) {
      // An earlier turn of a thinking conversation lost its thought: nothing to learn from a bare result.
      pending += assistantText(message);
    } else {
      segments.push({ text: pending, loss: false }, { text: assistantText(message), loss: true });
      pending = '';
    }
  });
  return segments;
}
