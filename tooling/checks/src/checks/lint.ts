import { run } from '../command.ts'
import type { Check } from '../finding.ts'

export const lint: Check = {
  name: 'lint',
  about: 'format and lint are clean (mend with pnpm format)',
  async run() {
    const { ok, output } = await run('biome', ['check', '--error-on-warnings', '--max-diagnostics=50', '.'])
    const files = /Checked (\d+) files/.exec(output)?.[1] ?? '?'
    return { problems: ok ? [] : [output], note: `${files} files` }
  },
}
