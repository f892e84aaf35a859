/** Peers are installed on demand, in folders of their own beside other downloads: never with the workspace. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const workspace: string = fileURLToPath(new URL('../../../', import.meta.url))
export const downloads: string = join(workspace, 'node_modules/.cache/octoscale')

/** The folder of an npm package, which is installed if it is not there. `entry`: a file that shows that it is. */
export async function installPeer(name: string, version: string, entry: string): Promise<string> {
  const folder = join(downloads, name.split('/').at(-1)!)
  const installed = join(folder, 'node_modules', name)
  if (!existsSync(join(installed, entry))) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
    console.log(`installing ${name} ${version}`)
    execFileSync('npm', ['install', `${name}@${version}`], { cwd: folder, stdio: 'inherit' })
  }
  return installed
}
