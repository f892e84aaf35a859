/** Runs a program of the workspace and keeps what it printed. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './workspace.ts'

export interface Outcome {
  readonly ok: boolean
  /** Standard output and error, in the order they came. */
  readonly output: string
}

export interface Options {
  readonly cwd?: string
  readonly input?: string
  readonly seconds?: number
  /** Instead of this process's variables. Programs of the repository come first on its `PATH` all the same. */
  readonly environment?: NodeJS.ProcessEnv
}

/** Programs of the repository (Node 24, tsc, turbo) come before those of the machine. */
function withPrograms(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...rest } = environment
  const programs = [join(root, 'node_modules/.bin'), join(root, 'tooling/checks/node_modules/.bin')]
  const PATH = [...programs, environment.PATH ?? ''].join(delimiter)
  return { ...rest, PATH, NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1' }
}

/** Never rejects: a program that cannot start, fails or takes too long is an outcome with `ok: false`. */
export function run(program: string, args: readonly string[], options: Options = {}): Promise<Outcome> {
  const seconds = options.seconds ?? 300
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: withPrograms(options.environment ?? process.env),
      timeout: seconds * 1000,
    })
    let output = ''
    const collect = (data: Buffer): void => {
      output += data.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.on('error', (error) => done({ ok: false, output: `${program}: ${error.message}` }))
    child.on('close', (code, signal) => {
      const late = signal === null ? '' : `\n${program} was ended by ${signal} (limit ${seconds} s)`
      done({ ok: code === 0, output: `${output}${late}`.trim() })
    })
  })
}
