/** Runs the calls of one answer side by side. */
import type { ToolCall, ToolResult } from '../types.ts'

/**
 * Starts calls in order, `maxParallel` at a time, and yields results as they come.
 *
 * @param run never rejects
 */
export async function* runCalls(
  calls: readonly ToolCall[],
  run: (call: ToolCall) => Promise<ToolResult>,
  maxParallel: number,
): AsyncGenerator<ToolResult, void> {
  const running = new Map<string, Promise<ToolResult>>()
  for (const call of calls) {
    if (running.size === maxParallel) yield await first(running)
    running.set(call.id, run(call))
  }
  while (running.size > 0) yield await first(running)
}

async function first(running: Map<string, Promise<ToolResult>>): Promise<ToolResult> {
  const result = await Promise.race(running.values())
  running.delete(result.call.id)
  return result
}
