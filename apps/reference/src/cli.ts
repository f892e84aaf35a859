#!/usr/bin/env node
/** `octoscale`: the command line. One file per command; this one finds it. */
import packageJson from '../package.json' with { type: 'json' }
import { chatCommand } from './commands/chat.ts'
import { estimateCommand } from './commands/estimate.ts'
import { runOrExplain, UsageError } from './explain.ts'

const commands: Readonly<Record<string, { summary: string; run: (args: string[]) => Promise<void> }>> = {
  chat: { summary: 'talk to a model, or ask it one question with -p', run: chatCommand },
  estimate: { summary: 'tell how much memory a model takes, without loading it', run: estimateCommand },
  serve: {
    summary: 'offer a model to other programs and the browser',
    // Loaded only when asked for: the other commands need no server.
    run: async (args) => (await import('./commands/serve.ts')).serveCommand(args),
  },
}

const help = `octoscale <command> [options]

Commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

octoscale <command> --help tells its options. octoscale --version tells the version.
`

await runOrExplain(async () => {
  const [name, ...rest] = process.argv.slice(2)
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(help)
    return
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${packageJson.version}\n`)
    return
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw new UsageError(`there is no command ${JSON.stringify(name)}`)
  await command.run(rest)
})
