/** Everything that the commands write, made from the formats and from the measured figures. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from './measure.ts'
import { relativeErrors } from './relative-error.ts'
import { replaceSection } from './sections.ts'
import { sqnrBars } from './sqnr-bars.ts'
import { choiceTable, formatsTable, sqnrTable } from './tables.ts'
import { valueLines } from './value-lines.ts'

export const packageFolder: string = join(import.meta.dirname, '../..')

/** What the command `sqnr --write` measured, in the order of the schemes and distributions. */
export const measuredFile = 'figures/sqnr.json'

export function readMeasured(): Measured[] {
  return JSON.parse(readFileSync(join(packageFolder, measuredFile), 'utf8')) as Measured[]
}

/** Texts by file, relative to the package. */
export function outputs(measured: readonly Measured[]): Record<string, string> {
  let readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  readme = replaceSection(readme, 'formats', formatsTable())
  readme = replaceSection(readme, 'choices', choiceTable(measured))
  readme = replaceSection(readme, 'sqnr', sqnrTable(measured))
  return {
    'figures/value-lines.svg': valueLines(),
    'figures/relative-error.svg': relativeErrors(),
    'figures/sqnr.svg': sqnrBars(measured),
    'README.md': readme,
  }
}

/** One row a line. */
export function measuredText(measured: readonly Measured[]): string {
  return `[\n${measured.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`
}
