/** What the tests of the tools share. */
import type { Tool } from '../../types.ts'

/** Checks the arguments and runs the tool, as the loop does. Rejects with what the tool throws. */
export async function callTool(
  tool: Tool | undefined,
  input: object,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  if (tool === undefined) return 'no such tool'
  const checked = await tool.check(input)
  if (!checked.ok) return checked.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')
  const call = { id: 'call_1', name: tool.name, arguments: JSON.stringify(input) }
  return String(await tool.execute(checked.input, { signal, call }))
}
