/** Which model answers: what the person chose, as far as it is there. */
import type { ModelChoice } from '../chat/settings.ts'
import type { ServerInfo } from './find-server.ts'

/** A server's model when the person chose one or nothing, and there is one; else the model in the tab. */
export function chooseModel(wanted: ModelChoice | undefined, server: ServerInfo | undefined): ModelChoice {
  if (wanted?.where === 'tab') return wanted
  const offered = server?.models ?? []
  const id = offered.find((model) => model.id === wanted?.id)?.id ?? offered[0]?.id
  return id === undefined ? { where: 'tab' } : { where: 'server', id }
}
