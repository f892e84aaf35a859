import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findBrowser } from '../browser.ts'
import { type Outcome, run } from '../command.ts'
import type { Check } from '../finding.ts'
import { codeBlocks, relativeLinks } from '../markdown.ts'
import { webgpuEnvironment } from '../webgpu.ts'
import { readText, root, trackedFiles } from '../workspace.ts'

export const documents: Check = {
  name: 'documents',
  about: 'every ts block of every document runs as it stands, and links between files lead somewhere',
  async run() {
    const files = trackedFiles().filter(
      (file) => file.endsWith('.md') && !/^\.changeset\/|CHANGELOG/.test(file),
    )
    const problems = files.flatMap((file) => brokenLinks(file, readText(file)))
    const details: string[] = []
    let ran = 0
    for (const file of files) {
      for (const block of codeBlocks(readText(file), ['ts', 'js'])) {
        const where = `${file}:${block.line}`
        if (block.words[0] === 'no-run') {
          const reason = block.words.slice(1).join(' ')
          details.push(`${where}: not run: ${reason}`)
          if (reason === '') problems.push(`${where}: say why behind no-run`)
          continue
        }
        ran += 1
        const { ok, output } = await runBlock(file, block.code)
        details.push(`${where}: ${ok ? 'ran' : 'failed'}`)
        if (!ok) problems.push(`${where}: the block fails\n${output}`)
      }
    }
    problems.push(...packagesWithoutBlock(files))
    return { problems, note: `${ran} blocks, ${files.length} files`, details }
  },
}

/** A block sees what its package sees; one that uses the facade, or outside of the packages, what the examples see. */
function runBlock(file: string, code: string): Promise<Outcome> {
  const isApplication = !/^(packages|apps)\//.test(file) || code.includes(`from 'octoscale'`)
  const folder = isApplication ? 'examples' : dirname(file)
  const args = ['--input-type=module-typescript', '--conditions=@octoscale/source', '-']
  // A block may use WebGPU, on a machine without a GPU driver.
  const environment = { ...process.env, ...webgpuEnvironment(findBrowser()) }
  return run('node', args, { cwd: join(root, folder), input: code, seconds: 120, environment })
}

function brokenLinks(file: string, text: string): string[] {
  return relativeLinks(text)
    .filter((link) => !existsSync(join(root, dirname(file), link)))
    .map((link) => `${file}: ${link} does not exist`)
}

/** Each published package shows its use in its README. */
function packagesWithoutBlock(files: readonly string[]): string[] {
  return trackedFiles()
    .filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))
    .map((file) => join(dirname(file), 'README.md'))
    .filter((readme) => !files.includes(readme) || codeBlocks(readText(readme), ['ts']).length === 0)
    .map((readme) => `${readme} with a ts block is missing`)
}
