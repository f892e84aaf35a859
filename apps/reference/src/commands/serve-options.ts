/** The options of `octoscale serve`. */
import { type BackendChoice, backendNames } from 'octoscale'
import { UsageError } from '../explain.ts'
import { isLoopbackHost } from '../server/guards/host.ts'
import {
  backendChoice,
  type ComputeArguments,
  computeArguments,
  computeHelp,
  computeOptions,
  parseOptions,
  wholeNumber,
} from './option-values.ts'

export const serveHelp: string = `octoscale serve [options]

      --port N          default 8080; 0 takes any that is free
      --host ADDRESS    where to listen; default 127.0.0.1, which only this machine reaches.
                        Any other needs a key
      --allow-host NAME a name the server may be called by beside localhost; may be repeated
      --api-key KEY     what callers must send; better in OCTOSCALE_API_KEY, where other users do not see it
      --cors ORIGIN     let pages of this origin (https://app.example) use the API; may be repeated
      --model FOLDER    a model's folder or GGUF file, or their URL; default: the embedded octo-tiny
      --backend NAME    auto, ${backendNames.join(', ')}; default auto
${computeHelp}
      --context N       longest conversation in tokens
      --no-web          the API only, without the web app
      --open            open the web app in a browser
      --json            print the line that tells the address as JSON
  -h, --help            this text

An OpenAI-compatible API at /v1, the web app at /. Ctrl-C stops it.
`

export interface ServeArguments {
  readonly help: boolean
  readonly port: number
  readonly host: string
  /** Whether only this machine reaches `host`. */
  readonly loopback: boolean
  readonly allowedHosts: readonly string[]
  readonly apiKey: string | undefined
  readonly cors: readonly string[]
  readonly model: string | undefined
  readonly backend: BackendChoice
  readonly compute: ComputeArguments
  readonly maxContext: number | undefined
  readonly web: boolean
  readonly open: boolean
  readonly json: boolean
}

/** @param environment looked up for `OCTOSCALE_API_KEY`. Throws `UsageError`. */
export function parseServeArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServeArguments {
  const values = parseOptions(args, options)
  const host = values.host ?? '127.0.0.1'
  if (host === '') throw new UsageError('--host takes an address')
  const loopback = isLoopbackHost(host)
  const apiKey = parseKey(values['api-key'] ?? environment.OCTOSCALE_API_KEY)
  if (!loopback && apiKey === undefined) {
    throw new UsageError(
      `--host ${host} lets other machines use this server: set OCTOSCALE_API_KEY (or --api-key) to a key that they must know`,
    )
  }
  const web = !values['no-web']
  if (values.open && !web) throw new UsageError('--open opens the web app, which --no-web leaves out')
  return {
    help: values.help ?? false,
    port: wholeNumber('port', values.port, 0, 65535) ?? 8080,
    host,
    loopback,
    allowedHosts: values['allow-host'] ?? [],
    apiKey,
    cors: (values.cors ?? []).map(parseOrigin),
    model: values.model,
    backend: backendChoice(values.backend),
    compute: computeArguments(values),
    maxContext: wholeNumber('context', values.context, 1),
    web,
    open: values.open ?? false,
    json: values.json ?? false,
  }
}

function parseKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined
  // What a header can carry without being changed. The key itself is not repeated: messages end up in logs.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError('the API key must be of visible ASCII characters without spaces, at least one')
  }
  return key
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.origin !== text || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--cors takes an origin such as https://app.example, without a path, got ${text}`)
  }
  return text
}

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'api-key': { type: 'string' },
  cors: { type: 'string', multiple: true },
  model: { type: 'string' },
  backend: { type: 'string' },
  ...computeOptions,
  context: { type: 'string' },
  'no-web': { type: 'boolean' },
  open: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
