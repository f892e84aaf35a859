import type { Kind } from './kind.ts'
import { dailyKinds } from './kinds-daily.ts'
import { fileKinds } from './kinds-files.ts'
import { worldKinds } from './kinds-world.ts'

export const kinds: readonly Kind[] = [...worldKinds, ...fileKinds, ...dailyKinds]

/** What the command line and the demo offer; drawn more often than the rest. */
export const favourites: readonly Kind[] = kinds.filter((kind) =>
  [
    'calculator',
    'list-files',
    'read-file',
    'search-files',
    'run-javascript',
    'search-documents',
    'weather',
    'time',
  ].includes(kind.id),
)

/** Requests that fit two groups: such kinds are not offered together. */
const clashes: readonly (readonly string[])[] = [
  ['calculator', 'run-javascript'],
  ['web-search', 'search-documents', 'search-files', 'news', 'define', 'movie', 'book'],
  ['convert-units', 'exchange', 'convert-format'],
  ['read-file', 'download', 'list-files-open', 'model-info'],
  ['distance', 'directions'],
  ['reminder', 'alarm', 'note', 'event'],
  ['email', 'message'],
  ['music', 'movie'],
  ['contact', 'customer'],
  ['weather', 'thermostat'],
]

export function compatible(a: Kind, b: Kind): boolean {
  if (a.group === b.group) return false
  return !clashes.some((set) => set.includes(a.id) && set.includes(b.id))
}

/** Kinds whose requests the model can answer by itself, so refusing them would contradict other tasks. */
export const answerable: ReadonlySet<string> = new Set([
  'calculator',
  'convert-units',
  'convert-format',
  'exchange',
])
