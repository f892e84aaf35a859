import { globSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../command.ts'
import type { Check } from '../finding.ts'
import { readText, root } from '../workspace.ts'

/** Lines. An example shows one thing. */
const most = 40

export const examples: Check = {
  name: 'examples',
  about: `every program of examples/ runs and has at most ${most} lines`,
  async run() {
    const files = globSync('examples/*.ts', { cwd: root }).sort()
    const problems: string[] = []
    const details: string[] = []
    for (const file of files) {
      const lines = readText(file).split('\n').length - 1
      if (lines > most) problems.push(`${file} has ${lines} lines, at most ${most}`)
      const { ok, output } = await run('node', ['--conditions=@octoscale/source', join(root, file)], {
        seconds: 120,
      })
      details.push(`${file}:`, ...output.split('\n').map((line) => `  ${line}`))
      if (!ok) problems.push(`${file} fails\n${output}`)
      else if (output === '') problems.push(`${file} prints nothing`)
    }
    if (files.length === 0) problems.push('there are no examples')
    return { problems, note: `${files.length} programs`, details }
  },
}
