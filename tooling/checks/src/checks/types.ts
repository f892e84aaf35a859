import { run } from '../command.ts'
import type { Check } from '../finding.ts'

export const types: Check = {
  name: 'types',
  about: 'packages, apps, tooling and examples type-check',
  async run() {
    const { ok, output } = await run('tsc', ['--noEmit', '--extendedDiagnostics', '--pretty', 'false'])
    const errors = output.split('\n').filter((line) => /\berror TS\d+/.test(line))
    const files = /^Files:\s+(\d+)/m.exec(output)?.[1] ?? '?'
    const problems = errors.length > 0 || ok ? errors : [output]
    return { problems, note: `${files} files` }
  },
}
