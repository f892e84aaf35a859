import { run } from '../command.ts'
import type { Check } from '../finding.ts'

export const unused: Check = {
  name: 'unused',
  about: 'no unused files, exports or dependencies, none unlisted (knip)',
  async run() {
    const { ok, output } = await run('knip', ['--no-progress', '--no-config-hints'])
    return { problems: ok ? [] : [output], note: 'all packages' }
  },
}
