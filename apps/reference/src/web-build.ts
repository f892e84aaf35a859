/** Builds the web app, unless what lies in `dist/web` was built from the same sources. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { withFolderLock } from './folder-lock.ts'

const app = resolve(import.meta.dirname, '..')
const repository = resolve(app, '../..')
const folder = join(app, 'dist/web')
/** Beside the folder, not in it: everything in there is served. */
const stampFile = join(app, 'dist/web.sha256')

/** Gives the folder with the built app, to be served as static files. Prints nothing; throws what Vite throws. */
export async function buildWeb(): Promise<string> {
  if (await isFresh()) return folder
  await mkdir(join(app, 'dist'), { recursive: true })
  await withFolderLock(join(app, 'dist/web.lock'), async () => {
    // Another process may have built it meanwhile.
    if (!(await isFresh())) await build()
  })
  return folder
}

async function build(): Promise<void> {
  const fingerprint = fingerprintOfSources()
  // Only a source checkout has Vite; serving a folder that is there needs none.
  const vite = await import('vite')
  // Built aside and moved, so that nobody is served half of it.
  const fresh = `${folder}-${process.pid}`
  try {
    await vite.build({
      configFile: join(app, 'vite.config.ts'),
      configLoader: 'native',
      logLevel: 'error',
      build: { outDir: fresh },
    })
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
    await writeFile(stampFile, fingerprint)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function isFresh(): Promise<boolean> {
  if (!existsSync(join(folder, 'index.html')) || !existsSync(stampFile)) return false
  return (await readFile(stampFile, 'utf8')) === fingerprintOfSources()
}

/** Of everything that goes into the page: the app, the packages with what they generate, and the versions of the rest. */
function fingerprintOfSources(): string {
  const patterns = [
    'apps/reference/src/{tools.ts,server/web-headers.ts,web/**/*}',
    'apps/reference/{vite.config.ts,package.json}',
    'packages/*/{package.json,{src,model}/**/*}',
    'pnpm-lock.yaml',
  ]
  const exclude = ['**/golden', '**/testing', '**/*.test.*']
  const files = globSync(patterns, { cwd: repository, withFileTypes: true, exclude })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}
