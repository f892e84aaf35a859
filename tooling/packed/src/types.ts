/** What TypeScript says in a user's project. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './commands.ts'
import type { Project } from './projects.ts'
import { uses } from './uses.ts'

/**
 * Programs for Node are resolved by package.json, with the types of Node and without those of the DOM; a page is
 * resolved in the way of bundlers, with the DOM and without Node. How a package resolves and which library its
 * declarations need are independent, so these two show both.
 */
const dom = ['DOM', 'DOM.Iterable', 'DOM.AsyncIterable']
const kinds = {
  node: { module: 'nodenext', lib: ['ES2024'], types: ['node'] },
  page: { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2024', ...dom], types: [] },
}

/** The errors, one text for each of the two kinds of project that has any. Declarations are checked, too. */
export async function typeProblems(project: Project): Promise<string[]> {
  const problems: string[] = []
  for (const [kind, options] of Object.entries(kinds)) {
    const ending = kind === 'page' ? '.page.ts' : '.ts'
    const files = ['entries', ...project.programs.map((_, index) => `program-${index}`)]
    const lib = uses[project.package.name]?.needsDom ? kinds.page.lib : options.lib
    const compilerOptions = {
      ...options,
      lib,
      target: 'ES2023',
      strict: true,
      // The declarations of packages are checked, those of TypeScript itself are not: most of the time went into them.
      skipLibCheck: false,
      skipDefaultLibCheck: true,
      noEmit: true,
    }
    const config = `tsconfig.${kind}.json`
    const text = JSON.stringify({ compilerOptions, files: files.map((file) => file + ending) })
    writeFileSync(join(project.folder, config), text)
    const { ok, output } = await command('tsc', ['--project', config], { cwd: project.folder })
    if (!ok) problems.push(`${kind}:\n${output}`)
  }
  return problems
}
