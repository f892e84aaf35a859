/** A page that uses the packages, bundled as its author would: from the installed packages, with vite. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const source = `import { load } from 'octoscale'
import { octoTiny } from '@octoscale/octo-tiny'
const llm = await load(octoTiny)
document.title = (await llm.chat({ messages: [{ role: 'user', content: 'hi' }] }).result()).content
`

/** Problems of bundling such a page in `folder`, which holds the packages in its node_modules. */
export async function bundlePage(folder: string): Promise<string[]> {
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="./page.js"></script>\n')
  writeFileSync(join(folder, 'page.js'), source)
  const said: string[] = []
  const say = (text: string): void => {
    said.push(text)
  }
  const logger = { info: () => {}, warn: say, warnOnce: say, error: say }
  try {
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: 'warn',
      build: { target: 'esnext', write: false, assetsInlineLimit: 0 },
      customLogger: { ...logger, hasWarned: false, clearScreen: () => {}, hasErrorLogged: () => false },
    })
    const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
    const hasWeights = outputs.some((one) => one.fileName.endsWith('.safetensors'))
    return hasWeights ? said : [...said, 'the page ships without the weights of octo-tiny']
  } catch (error) {
    return [...said, error instanceof Error ? error.message : String(error)]
  }
}
