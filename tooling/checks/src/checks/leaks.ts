import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../finding.ts'
import { root, trackedFiles } from '../workspace.ts'

interface Leak {
  readonly what: string
  readonly pattern: RegExp
}

/** Written in pieces, so that this file does not hold what it looks for. */
const hosts = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['deb', 'debian', 'org'],
  ['security', 'debian', 'org'],
  ['download', 'pytorch', 'org'],
].map((parts) => parts.join('\\.'))

const homes = [['root'], ['work'], ['home', '[a-z][\\w-]*'], ['Users', '\\w+'], ['opt', 'venv']].map(
  (parts) => `/${parts.join('/')}/`,
)

const leaks_: readonly Leak[] = [
  { what: 'the host name of a package registry', pattern: new RegExp(`\\b(${hosts.join('|')})\\b`, 'i') },
  { what: 'an absolute path of one machine', pattern: new RegExp(`(?<![\\w.:/@)}*-])(${homes.join('|')})`) },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY/ },
  {
    what: 'an access token',
    pattern: /\b(gh[pousr]_\w{36}|npm_\w{36}|hf_\w{30,}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20,})/,
  },
  { what: 'an API key', pattern: /\bsk-[A-Za-z0-9-]{24,}/ },
]

/** The leaks in one text, as `file:line: what`. */
export function findLeaks(file: string, text: string): string[] {
  const present = leaks_.filter(({ pattern }) => pattern.test(text))
  if (present.length === 0) return []
  return text
    .split('\n')
    .flatMap((line, index) =>
      present
        .filter(({ pattern }) => pattern.test(line))
        .map(({ what, pattern }) => `${file}:${index + 1}: ${what}: ${pattern.exec(line)?.[0]}`),
    )
}

export const leaks: Check = {
  name: 'leaks',
  about: 'no registry host names, paths of a machine or secrets in any tracked file',
  run() {
    const files = trackedFiles()
    const texts = files
      .map((file) => ({ file, bytes: readFileSync(join(root, file)) }))
      .filter(({ bytes }) => !bytes.subarray(0, 8192).includes(0))
    const problems = texts.flatMap(({ file, bytes }) => findLeaks(file, bytes.toString('utf8')))
    return { problems, note: `${texts.length} text files of ${files.length}` }
  },
}
