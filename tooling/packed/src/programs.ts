/** The programs of a README, as they run outside of the repository. */
import { importsOf } from '@octoscale/checks/import-graph'
import { codeBlocks } from '@octoscale/checks/markdown'
import type { Change, Use } from './uses.ts'

export interface Program {
  /** For Node: as in the README, but for the changes of `uses.ts`. */
  readonly node: string
  /** For a page. */
  readonly page: string
}

/** A row of `uses.ts` that does not fit its README any more. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError'
  readonly text: string
  constructor(text: string) {
    super(`no program of the README has ${JSON.stringify(text)}: mend the row in tooling/packed/src/uses.ts`)
    this.text = text
  }
}

/** A page has no standard output: this writes text without ending the line, and `capture.ts` records it alike. */
const writeInPage: Change = ['process.stdout.write(', 'console.debug(']

/** The ts blocks that run. Throws `ChangeError` for a change that fits nowhere. */
export function programsOf(readme: string, use: Use | undefined): Program[] {
  const blocks = codeBlocks(readme, ['ts']).filter((block) => block.words[0] !== 'no-run')
  const node = changed(
    blocks.map((block) => block.code),
    use?.changes ?? [],
  )
  const page = changed(node, use?.pageChanges ?? []).map((code) => code.replaceAll(...writeInPage))
  return node.map((code, index) => ({ node: code, page: page[index] ?? code }))
}

function changed(texts: readonly string[], changes: readonly Change[]): string[] {
  return changes.reduce<string[]>(
    (before, [text, replacement]) => {
      const after = before.map((code) => code.replaceAll(text, replacement))
      if (after.every((code, index) => code === before[index])) throw new ChangeError(String(text))
      return after
    },
    [...texts],
  )
}

/** The packages that a program imports: `@octoscale/tensor/node` is of `@octoscale/tensor`. Sorted, each once. */
export function importedPackages(code: string): string[] {
  const names = importsOf('program.ts', code)
    .map(({ specifier }) => specifier)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
  return [...new Set(names)].sort()
}
