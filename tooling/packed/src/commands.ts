/** Programs run as on a user's machine: nothing of the test run or of this workspace's scripts is inherited. */
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { type Outcome, run } from '@octoscale/checks/command'
import { root } from '@octoscale/checks/workspace'

/** A program that had to succeed and did not. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly command: string
  readonly output: string
  constructor(facts: { command: string; output: string }) {
    super(`${facts.command} fails:\n${facts.output}`)
    this.command = facts.command
    this.output = facts.output
  }
}

export interface CommandOptions {
  readonly cwd: string
  readonly seconds?: number
  readonly variables?: Readonly<Record<string, string>>
}

/** Runs a program of this package, of the repository (Node 24) or of the machine, in this order. */
export function command(program: string, args: readonly string[], options: CommandOptions): Promise<Outcome> {
  const own = join(root, 'tooling/packed/node_modules/.bin', program)
  const { cwd, seconds = 120, variables = {} } = options
  // pnpm installs before it runs scripts unless told not to: what is installed here stays as it is.
  const quiet = { pnpm_config_verify_deps_before_run: 'false' }
  const environment = { ...plain(process.env), ...quiet, ...variables }
  return run(existsSync(own) ? own : program, args, { cwd, seconds, environment })
}

/** As `command`, and gives the output. Throws `CommandError` unless the program succeeds. */
export async function succeed(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { ok, output } = await command(program, args, options)
  if (!ok) throw new CommandError({ command: `${program} ${args.join(' ')}`, output })
  return output
}

/** Without what test runners and package managers set for the programs they start; how to reach a registry stays. */
export function plain(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const theirs =
    /^(npm_|pnpm_|vitest|node_env$|node_options$|node_path$|init_cwd$|dev$|prod$|test$|ssr$|mode$|base_url$)/i
  const connection = /^npm_config_(registry|.*proxy|cafile|userconfig|cache)$/i
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => connection.test(name) || !theirs.test(name)),
  )
}

/**
 * `PATH` with pnpm. Scripts that pnpm starts have it; where a test is started without pnpm, `npx` brings it, as in
 * every command of the repository.
 */
export async function pathWithPnpm(): Promise<string> {
  const path = process.env.PATH ?? ''
  if (path.split(delimiter).some((folder) => existsSync(join(folder, 'pnpm')))) return path
  const found = await succeed('npx', ['-y', 'pnpm@12', 'exec', 'which', 'pnpm'], { cwd: root })
  const file = found.split('\n').findLast((line) => line.endsWith(`${'/'}pnpm`)) ?? ''
  return [dirname(file), path].join(delimiter)
}
