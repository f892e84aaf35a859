import { stripTypeScriptTypes } from 'node:module'
import { run } from '../command.ts'
import type { Check } from '../finding.ts'
import { readText, sourceFiles } from '../workspace.ts'

export const types: Check = {
  name: 'types',
  about: 'everything type-checks, and Node can take the types away',
  async run() {
    const { ok, output } = await run('tsc', ['--noEmit', '--extendedDiagnostics', '--pretty', 'false'])
    const errors = output.split('\n').filter((line) => /\berror TS\d+/.test(line))
    const files = /^Files:\s+(\d+)/m.exec(output)?.[1] ?? '?'
    const problems = errors.length > 0 || ok ? errors : [output]
    return { problems: [...problems, ...notStrippable()], note: `${files} files` }
  },
}

/** Node's own type remover does not take all that tsc and vitest take; sources have to run in all three. */
function notStrippable(): string[] {
  return sourceFiles().flatMap((file) => {
    // Decorators of AssemblyScript: compiled by its own compiler. Components: they run in browsers only, through Vite.
    if (file.includes('/assembly/') || file.endsWith('.tsx')) return []
    try {
      stripTypeScriptTypes(readText(file))
      return []
    } catch (error) {
      return [`${file}: node cannot run it: ${error instanceof Error ? error.message : String(error)}`]
    }
  })
}
