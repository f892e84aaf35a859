/** The tools that `octoscale chat` offers to the model. */
import { calculator, runJavaScript, type Tool } from '@octoscale/agent-tools'
import { fileTools } from '@octoscale/agent-tools/node'
import { convertFormat } from '../tools.ts'
import type { ChatArguments } from './chat-options.ts'

/** Throws `PathError` when the folder for files is none. */
export async function offeredTools(
  options: Pick<ChatArguments, 'tools' | 'files'>,
): Promise<readonly Tool[]> {
  return [
    ...(options.tools ? [convertFormat, calculator(), runJavaScript()] : []),
    ...(options.files === undefined ? [] : await fileTools({ root: options.files })),
  ]
}
