/** Where the built web app lies. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildWeb } from '../web-build.ts'

const builtFolder = fileURLToPath(new URL('../../dist/web', import.meta.url))

export interface WebFolder {
  readonly folder: string | undefined
  /** What a person should know: it is missing, or not of these sources. */
  readonly notice: string | undefined
}

/** Builds it if it is not up to date. A web app that cannot be built is no reason not to serve the API. */
export async function findWebFolder(
  build: () => Promise<string> = buildWeb,
  fallback: string = builtFolder,
): Promise<WebFolder> {
  try {
    return { folder: await build(), notice: undefined }
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('\n')
    if (existsSync(fallback)) {
      return { folder: fallback, notice: `the web app is an older one, building it anew failed: ${problem}` }
    }
    return { folder: undefined, notice: `without the web app, building it failed: ${problem}` }
  }
}
