/** Names in DSML. */
import { isToolName } from '../chat/check-messages.ts'

/** Whether the format can hold a name: it stands in quotes inside a tag. */
export function isDsmlName(name: string): boolean {
  return isToolName(name) && !/[">]/.test(name)
}
