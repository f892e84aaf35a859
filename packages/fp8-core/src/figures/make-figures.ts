/** `pnpm --filter @octoscale/fp8-core figures`: writes the pictures, and the tables of README.md. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { outputs, packageFolder, readMeasured } from './outputs.ts'

for (const [file, content] of Object.entries(outputs(readMeasured()))) {
  writeFileSync(join(packageFolder, file), content)
  process.stdout.write(`${file}: ${Buffer.byteLength(content)} bytes\n`)
}
