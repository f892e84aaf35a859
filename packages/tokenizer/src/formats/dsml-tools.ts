/** The description of tools in DeepSeek-V3.2. */
import { checkTools } from '../chat/check-messages.ts'
import { MARKERS } from '../chat/markers.ts'
import type { SegmentWriter } from '../chat/segments.ts'
import type { ToolDefinition } from '../chat/types.ts'
import { writeTag } from './dsml-tag.ts'
import { toJson } from './tools.ts'

/** Writes an empty line and the tools; nothing where there are none. */
export function writeDsmlTools(writer: SegmentWriter, tools: readonly ToolDefinition[]): void {
  checkTools(tools)
  if (tools.length === 0) return
  writer.plain(
    "\n\n## Tools\n\nYou have access to a set of tools you can use to answer the user's question.\n" +
      'You can invoke functions by writing a "',
  )
  writeTag(writer, '<', 'function_calls>" block like the following as part of your reply to the user:\n')
  writeTag(writer, '<', 'function_calls>\n')
  writeTag(writer, '<', 'invoke name="$FUNCTION_NAME">\n')
  writeTag(writer, '<', 'parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE')
  writeTag(writer, '</', 'parameter>\n...\n')
  writeTag(writer, '</', 'invoke>\n')
  writeTag(writer, '<', 'invoke name="$FUNCTION_NAME2">\n...\n')
  writeTag(writer, '</', 'invoke>\n')
  writeTag(writer, '</', 'function_calls>\n\n')
  writer.plain(
    'String and scalar parameters should be specified as is without any escaping or quotes, while lists and objects should' +
      ' use JSON format. The "string" attribute should be set to "true" for string type parameters and "false" for other' +
      ' types (numbers, booleans, arrays, objects).\n\nIf the thinking_mode is enabled, then after function results you' +
      ' should strongly consider outputting a thinking block. Here is an example:\n\n',
  )
  writeTag(writer, '<', 'function_calls>\n...\n')
  writeTag(writer, '</', 'function_calls>\n\n<function_results>\n...\n</function_results>\n\n')
  writer.control(MARKERS.thinkBegin)
  writer.plain('...thinking about results')
  writer.control(MARKERS.thinkEnd)
  writer.plain('\n\nHere are the functions available in JSONSchema format:\n<functions>\n')
  for (const [index, { name, description, parameters }] of tools.entries()) {
    const schema = parameters ?? { type: 'object', properties: {} }
    writer.plain(`${toJson({ name, description, parameters: schema }, `tools[${index}]`)}\n`)
  }
  writer.plain('</functions>\n')
}
