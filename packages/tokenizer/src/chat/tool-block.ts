/** The description of the tools that stands in the system text (model card of DeepSeek-V3.1, "ToolCall"). */

import { MARKERS } from './markers.ts'
import { pythonJson } from './python-json.ts'
import type { SegmentWriter } from './segments.ts'
import type { ToolDefinition } from './types.ts'

/** What a tool without `parameters` is described with. */
const NO_PARAMETERS = { type: 'object', properties: {} }

/**
 * Writes the tool block. The markers of its format line are control tokens, as they were when the model was trained; names,
 * descriptions and schemas are plain text, since tools may come from untrusted servers.
 */
export function writeToolBlock(writer: SegmentWriter, tools: readonly ToolDefinition[]): void {
  writer.plain('## Tools\nYou have access to the following tools:\n')
  for (const [index, tool] of tools.entries()) {
    const parameters = pythonJson(tool.parameters ?? NO_PARAMETERS, `tools[${index}].parameters`)
    writer.plain(`\n### ${tool.name}\nDescription: ${tool.description ?? ''}\n\nParameters: ${parameters}\n`)
  }
  writer.plain('\nIMPORTANT: ALWAYS adhere to this exact format for tool use:\n')
  writer.control(MARKERS.toolCallsBegin)
  writer.control(MARKERS.toolCallBegin)
  writer.plain('tool_call_name')
  writer.control(MARKERS.toolSep)
  writer.plain('tool_call_arguments')
  writer.control(MARKERS.toolCallEnd)
  writer.plain('{{additional_tool_calls}}')
  writer.control(MARKERS.toolCallsEnd)
  writer.plain(
    '\n\nWhere:\n' +
      '- `tool_call_name` must be an exact match to one of the available tools\n' +
      "- `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema\n" +
      '- For multiple tool calls, chain them directly without separators or spaces',
  )
}
