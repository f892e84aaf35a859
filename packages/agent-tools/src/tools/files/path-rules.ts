/**
 * What a path may look like, before any file system is asked. The same on every system, so that what works on one
 * works on all: forward slashes, relative, no `..`, no name that Windows takes for a device or a stream.
 */
import { PathError } from './path-error.ts'

const longestPath = 1024
const deepest = 32

/** Windows opens these as devices in every folder, with any extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i

export interface PathRules {
  /** Whether names that begin with a dot (`.env`, `.git`) may be used. */
  readonly hidden: boolean
}

/** The names of a relative path from the root down; `.` and doubled slashes vanish. Empty for the root itself. */
export function pathSegments(path: string, { hidden }: PathRules): string[] {
  const refuse = (reason: 'name' | 'absolute' | 'outside' | 'hidden', problem: string): never => {
    throw new PathError({ path: JSON.stringify(path), reason, problem })
  }
  if (path.length > longestPath) refuse('name', `longer than ${longestPath} characters`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  if (/[\x00-\x1f\x7f]/.test(path)) refuse('name', 'control characters are not allowed in a path')
  if (!path.isWellFormed()) refuse('name', 'it is not valid Unicode')
  if (path.includes('\\')) refuse('name', 'write / between folders, not a backslash')
  if (/^[a-z]:/i.test(path) || path.startsWith('/'))
    refuse('absolute', 'use a path relative to the folder, for example notes/today.md')
  if (path.startsWith('~')) refuse('absolute', 'there is no home folder; use a relative path')
  const segments = path.split('/').filter((name) => name !== '' && name !== '.')
  if (segments.length > deepest) refuse('name', `deeper than ${deepest} folders`)
  for (const name of segments) {
    if (name === '..') refuse('outside', '.. is not allowed; paths begin at the folder itself')
    if (name.includes(':')) refuse('name', 'a colon is not allowed in a name')
    if (/[ .]$/.test(name)) refuse('name', 'a name must not end in a dot or a space')
    if (deviceName.test(name)) refuse('name', `${name} is a device on Windows`)
    if (!hidden && name.startsWith('.')) refuse('hidden', 'hidden files and folders are not shown')
  }
  return segments
}
