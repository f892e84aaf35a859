import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const packageFolder = resolve(import.meta.dirname, '../../..')

const rootModules = resolve(packageFolder, '../../node_modules')

/** The package as it is published, built from these sources into `node_modules` of a new folder. */
function buildPackage(): string {
  const folder = temporaryFolder({})
  const installed = join(folder, 'node_modules/@octoscale/agent-tools')
  mkdirSync(join(installed, 'node_modules'), { recursive: true })
  symlinkSync(join(rootModules, '@types'), join(folder, 'node_modules/@types'))
  for (const part of ['package.json', 'src'])
    cpSync(join(packageFolder, part), join(installed, part), { recursive: true })
  for (const name of readdirSync(join(packageFolder, 'node_modules')).filter((one) => !one.startsWith('.')))
    symlinkSync(join(packageFolder, 'node_modules', name), join(installed, 'node_modules', name))
  const script = join(packageFolder, 'node_modules/@octoscale/build/src/build.ts')
  // The build starts the compiler by its name.
  const env = { ...process.env, PATH: `${join(rootModules, '.bin')}${delimiter}${process.env.PATH}` }
  const build = spawnSync(process.execPath, [script], { cwd: installed, encoding: 'utf8', env })
  // Types are not needed here, and have a check of their own.
  expect(existsSync(join(installed, 'dist/javascript-worker.js')), build.stderr).toBe(true)
  return folder
}

test('the built package finds its worker', () => {
  const folder = buildPackage()
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { runJavaScript } from '@octoscale/agent-tools'
    await import('@octoscale/agent-tools/javascript-worker') // does nothing outside of a worker
    const tool = runJavaScript({ milliseconds: 300 })
    const context = { signal: new AbortController().signal }
    console.log(await tool.execute({ code: '6 * 7' }, context))
    console.log(await tool.execute({ code: 'for (;;);' }, context).catch((error) => error.reason))`,
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '42\ntime\n', stderr: '' })
})
