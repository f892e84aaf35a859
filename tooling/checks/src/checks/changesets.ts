import { run } from '../command.ts'
import type { Check } from '../finding.ts'
import { publicPackages } from '../workspace.ts'

export const changesets: Check = {
  name: 'changesets',
  about: 'what changed in a public package since main has a changeset (add one with pnpm changeset)',
  async run() {
    const { ok, output } = await run('changeset', ['status'])
    return { problems: ok ? [] : [output], note: `${publicPackages().length} public packages` }
  },
}
