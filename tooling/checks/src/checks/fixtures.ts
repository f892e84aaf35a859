import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../finding.ts'
import { readText, root, trackedFiles } from '../workspace.ts'

const home = 'tooling/fixtures'

/** Bytes of golden data in one package: a repository is cloned whole. */
const most = 4 << 20

/** Golden data says how it was made: a generator for each package, and the versions of the tools it used. */
export const fixtures: Check = {
  name: 'fixtures',
  about: 'golden data has a committed generator, pinned tools named in the README, and is small',
  run() {
    const files = trackedFiles()
    const golden = files.filter((file) => /^packages\/[^/]+\/.*\bgolden\//.test(file))
    const generators = files
      .filter((file) => file.startsWith(`${home}/`) && file.endsWith('.py'))
      .map(readText)
    const problems: string[] = []
    for (const [name, group] of Map.groupBy(golden, (file) => file.split('/')[1] ?? '')) {
      if (!generators.some((text) => text.includes(`packages/${name}/`) || text.includes(`"${name}"`))) {
        problems.push(`packages/${name} has golden data, and no script of ${home} writes there`)
      }
      const bytes = group.reduce((sum, file) => sum + statSync(join(root, file)).size, 0)
      if (bytes > most) problems.push(`packages/${name} has ${bytes} bytes of golden data, at most ${most}`)
    }
    problems.push(...unnamedTools(read(files, `${home}/requirements.txt`), read(files, `${home}/README.md`)))
    return { problems, note: `${golden.length} golden files` }
  },
}

function read(files: readonly string[], file: string): string {
  return files.includes(file) ? readText(file) : ''
}

/** Pinned requirements that the README does not name with their version, and requirements without a version. */
export function unnamedTools(requirements: string, readme: string): string[] {
  if (readme === '') return [`${home}/README.md is missing: it says how golden data is made and with what`]
  const lines = requirements.split('\n').map((line) => line.replace(/#.*/, '').trim())
  return lines
    .filter((line) => line !== '' && !line.startsWith('-'))
    .flatMap((line) => {
      const [, name, version] = /^([\w.-]+)==([\w.+-]+)$/.exec(line) ?? []
      if (name === undefined || version === undefined)
        return [`${home}/requirements.txt: ${line} has no exact version`]
      const named = readme.split('\n').some((each) => each.includes(name) && each.includes(version))
      return named ? [] : [`${home}/README.md does not name ${name} ${version}`]
    })
}
