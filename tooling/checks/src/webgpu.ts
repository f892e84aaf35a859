/**
 * Where WebGPU tests in Node find a Vulkan driver on a machine without one: SwiftShader, the software GPU that comes
 * with Chromium. Everything else (macOS, Windows, a GPU with its driver, a choice of the caller) is left as it is.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
const devices = ['/dev/dri', '/dev/nvidia0', '/dev/dxg']
/** Distributions start Chromium by a script elsewhere; these are where the program and its libraries then are. */
const chromiumFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser']
const driverFile = 'vk_swiftshader_icd.json'

/**
 * Environment variables for a process that uses the package `webgpu`; none where they are not needed or not possible.
 * They must be set before that process starts, because the linker reads LD_LIBRARY_PATH then.
 */
export function webgpuEnvironment(
  browser: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const chosen = environment.VK_ICD_FILENAMES ?? environment.VK_DRIVER_FILES
  if (process.platform !== 'linux' || chosen !== undefined || hasDriver()) return {}
  const folders = [...(browser === undefined ? [] : [dirname(realpathSync(browser))]), ...chromiumFolders]
  const folder = folders.find((each) => existsSync(join(each, driverFile)))
  if (folder === undefined) return {}
  const libraries = [folder, environment.LD_LIBRARY_PATH ?? ''].filter((path) => path !== '')
  return { VK_ICD_FILENAMES: join(folder, driverFile), LD_LIBRARY_PATH: libraries.join(':') }
}

/** Whether there is a GPU with a driver. A driver alone may be Mesa's for no GPU at all, which Dawn refuses. */
export function hasDriver(): boolean {
  const drivers = driverFolders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0)
  return drivers && devices.some((path) => existsSync(path))
}
