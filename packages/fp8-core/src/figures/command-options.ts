/** Options of the commands here: a mistake is one line and the usage, not a stack trace. */
import process from 'node:process'
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Values<Config extends Options> = ReturnType<typeof parseArgs<{ options: Config }>>['values']

/** The options of this process. Ends it after `--help` (status 0) and after a mistake (status 2). */
export function commandOptions<Config extends Options>(usage: string, options: Config): Values<Config> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`)
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values as Values<Config>
  } catch (error) {
    return usageMistake(usage, error instanceof Error ? error.message : String(error))
  }
}

/** Ends the process with what is wrong and the usage. */
export function usageMistake(usage: string, mistake: string): never {
  process.stderr.write(`${mistake}\nusage: ${usage}\n`)
  process.exit(2)
}
