/**
 * `pnpm --filter @octoscale/fp8-core sqnr [--json] [--write]`: measures the SQNR of every scheme and prints the table.
 * With `--write` also into README.md and its picture.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { commandOptions } from './command-options.ts'
import { measureAll } from './measure.ts'
import { measuredFile, measuredText, outputs, packageFolder } from './outputs.ts'
import { sqnrTable } from './tables.ts'

const options = commandOptions('pnpm --filter @octoscale/fp8-core sqnr [--json] [--write]', {
  json: { type: 'boolean' },
  write: { type: 'boolean' },
})
const measured = measureAll()
process.stdout.write(options.json ? measuredText(measured) : `${sqnrTable(measured)}\n`)
if (options.write) {
  writeFileSync(join(packageFolder, measuredFile), measuredText(measured))
  for (const [file, content] of Object.entries(outputs(measured))) {
    writeFileSync(join(packageFolder, file), content)
  }
}
