/** The tools of the page. They run in it, also when a server's model calls them. Loaded when first offered. */
import { calculator, runJavaScript, type Tool } from '@octoscale/agent-tools'
import { convertFormat } from '../../tools.ts'

export function webTools(): readonly Tool[] {
  const javaScript = runJavaScript()
  // Its sandbox holds; a person should know all the same what a model wants to run on their machine.
  return [convertFormat, calculator(), { ...javaScript, needsApproval: () => true }]
}
