/** Gets a Chromium for the browser tests where that takes no question: as root on Debian. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findBrowser } from './browser.ts'

const advice = 'no Chromium: install Chromium or Chrome, or set CHROMIUM_PATH to one'

/** Installs Debian's package when this is root on a machine with apt-get. Returns why there is no browser, if so. */
export function installBrowser(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  if (given !== undefined && given !== '')
    return `no Chromium: CHROMIUM_PATH names ${given}, which does not exist`
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return advice
  console.log('no Chromium found: installing the Debian package for the browser tests')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const result = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (result.status === 0) continue
    const said = result.error?.message ?? result.stderr.trim().split('\n').at(-1) ?? ''
    return `${advice} (apt-get ${args[0]} failed: ${said})`
  }
  return findBrowser() === undefined ? advice : undefined
}
