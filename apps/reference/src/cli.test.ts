/** The command as people run it: what it prints, and how it ends when something is wrong. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { octoTiny } from '@octoscale/octo-tiny'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'octoscale-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

function octoscale(args: readonly string[], input = ''): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@octoscale/source', cli, ...args],
    {
      input,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    },
  )
  return { code: status, out: stdout, error: stderr }
}

/** A copy of the embedded model with one file replaced, or left out. */
function brokenModel(file: string, content: Uint8Array | undefined): string {
  const target = mkdtempSync(join(folder, 'model-'))
  for (const [name, url] of Object.entries(octoTiny.files)) {
    if (name !== file) copyFileSync(fileURLToPath(url), join(target, name))
  }
  if (content !== undefined) writeFileSync(join(target, file), content)
  return target
}

function modelFile(name: string): Uint8Array {
  return readFileSync(octoTiny.files[name] as URL)
}

function configWith(changes: object): Uint8Array {
  const config = JSON.parse(new TextDecoder().decode(modelFile('config.json')))
  return new TextEncoder().encode(JSON.stringify({ ...config, ...changes }))
}

describe('answers', () => {
  test('one question as text', () => {
    const { code, out, error } = octoscale(['chat', '-p', 'What is the largest E4M3 value?'])
    expect(error).toBe('')
    expect(out).toContain('448')
    expect(code).toBe(0)
  })

  test('--json is one object, with thinking apart', () => {
    const { code, out } = octoscale(['chat', '-p', 'What is 12 + 34?', '--think', '--json'])
    const report = JSON.parse(out)
    expect(report.content).toContain('46')
    expect(report.thinking).not.toBe('')
    expect(report.finishReason).toBe('stop')
    expect(report.usage.completionTokens).toBeGreaterThan(0)
    expect(code).toBe(0)
  })

  test('--tools runs the tool and answers from its result', () => {
    const { code, out } = octoscale(['chat', '-p', 'What is 0.3 in e4m3?', '--tools'])
    // 0.3 is not an E4M3 number; the nearest is 0.3125.
    expect(out).toMatch(/calls convert_format .*\nconvert_format gives \{"value":0\.3125\}\n.*0\.3125/s)
    expect(code).toBe(0)
  })

  test('the prompt from standard input', () => {
    expect(octoscale(['chat', '-p', '-'], 'What is the largest E4M3 value?').out).toContain('448')
  })

  test('a conversation on standard input ends with it', () => {
    const { code, out } = octoscale(['chat'], 'Hello\n/think\nWhat is 12 + 34?\n/new\n')
    expect(out).toMatch(/thinking: /)
    expect(out).toContain('46')
    expect(code).toBe(0)
  })

  test.for([
    ['Ctrl-D', '\u0004', 'cli.ts', 'chat --backend wasm'],
    ['Ctrl-C', '\u0003', 'cli.ts', 'chat --backend wasm'],
    ['Ctrl-D', '\u0004', 'demo.ts', ''],
    ['Ctrl-C', '\u0003', 'demo.ts', ''],
  ] as const)('%s (%j) at the prompt of %s in a terminal ends the line, too', async (row, context) => {
    const [, key, program, args] = row
    // It gives the command a terminal. That of other systems takes other arguments.
    const recorder = 'script'
    if (!spawnSync(recorder, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')) {
      return context.skip('this system has no script of util-linux')
    }
    const file = fileURLToPath(new URL(program, import.meta.url))
    const command = `"${process.execPath}" --conditions=@octoscale/source "${file}" ${args}`
    const env = { ...process.env, NO_COLOR: '1', TERM: 'xterm' }
    const child = spawn(recorder, ['-qec', command, '/dev/null'], { env })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    let out = ''
    child.stdout.on('data', (data) => {
      out += data
      // Readline ends a prompt by setting the column; nothing else here does.
      if (/(> |end: )\S\[\d+G$/.test(out)) child.stdin.write(key)
    })
    expect(await once(child, 'close')).toEqual([0, null])
    expect(out).toMatch(/(> |end: )\S+\r\n$/)
  })

  test('policy, threads, cache type and speculation reach the model', () => {
    const how = [
      '--policy',
      'int8',
      '--threads',
      '1',
      '--speculation',
      'mtp',
      '--cache-type',
      'f16',
      '--json',
    ]
    const { code, out } = octoscale(['chat', '-p', 'What is the largest E4M3 value?', ...how])
    const { content, model } = JSON.parse(out)
    expect(content).toContain('448')
    expect(model).toMatchObject({ cacheType: 'f16', backend: { name: 'wasm', policy: 'int8' } })
    expect(model.backend.detail).toContain('one thread')
    expect(code).toBe(0)
  })

  test('estimate: parts, their sum, and whether they fit', () => {
    const json = octoscale(['estimate', '--context', '512', '--sequences', '2', '--json'])
    const { weightBytes, cacheBytes, workspaceBytes, totalBytes, fits } = JSON.parse(json.out)
    expect(totalBytes).toBe(weightBytes + cacheBytes + workspaceBytes)
    expect(fits).toBe(true)
    const half = octoscale([
      'estimate',
      '--context',
      '512',
      '--sequences',
      '2',
      '--cache-type',
      'f16',
      '--json',
    ])
    expect(JSON.parse(half.out).cacheBytes).toBe(cacheBytes / 2)
    expect(json.code).toBe(0)
    const small = octoscale(['estimate', '--context', '2048', '--memory', '15 MB'])
    expect(small.out).toMatch(/^deepseek_v3, .* parameters, .*\n {2}weights .*█\n/)
    expect(small.out).toMatch(
      /does not fit 15.0 MB of memory; the longest context that fits has \d+ tokens\n$/,
    )
    expect(small.code).toBe(1)
  })

  test('a command that there is not is no question for the model', () => {
    const { code, out } = octoscale(['chat'], '/help\n/new\n/Exit\n')
    expect(out.match(/\(there are \/think, \/new and \/exit\)/g)).toHaveLength(2)
    expect(out).toContain('(a new conversation)')
    expect(out).not.toContain('tokens/s')
    expect(code).toBe(0)
  })

  test('help', () => {
    expect(octoscale([]).out).toContain('Commands:')
    expect(octoscale(['chat', '--help']).out).toContain('--think')
  })
})

describe('faults are one line and an exit code, never a stack trace', () => {
  const weights = modelFile('model.safetensors')
  const question = ['chat', '-p', 'Hi']
  test.each<[string, string[], number, RegExp]>([
    ['no such command', ['fly'], 2, /there is no command "fly"/],
    ['no such option', ['chat', '--fast'], 2, /--fast/],
    ['not a number', [...question, '--temperature', 'warm'], 2, /--temperature takes a number .*, got warm/],
    ['out of range', [...question, '--top-p', '3'], 2, /--top-p takes a number above 0, up to 1, got 3/],
    ['too cold', [...question, '--temperature=-1'], 2, /--temperature takes a number from 0 to 100, got -1/],
    ['no token', [...question, '--max-tokens', '0'], 2, /--max-tokens takes a whole number of at least 1/],
    ['half a seed', [...question, '--seed', '1.5'], 2, /--seed takes a whole number of at least 0, got 1\.5/],
    ['a context of nothing', [...question, '--context', '0'], 2, /--context takes a whole number/],
    ['no such backend', [...question, '--backend', 'cuda'], 2, /takes auto, webgpu, wasm, reference; got/],
    ['no such policy', [...question, '--policy', 'fp4'], 2, /--policy takes exact, fp8, int8; got fp4/],
    ['a size without sense', ['estimate', '--memory', '12 parsecs'], 2, /--memory takes a size such as 24GB/],
    ['empty prompt', ['chat', '-p', ''], 2, /the prompt is empty/],
    [
      'no folder',
      [...question, '--model', join(folder, 'nothing')],
      1,
      /nothing.config\.json: there is no such file/,
    ],
    [
      'prompt over the context',
      ['chat', '-p', 'word '.repeat(500), '--context', '128'],
      1,
      /do not fit a context of 128/,
    ],
    [
      'no weights',
      [...question, '--model', brokenModel('model.safetensors', undefined)],
      1,
      /model\.safetensors/,
    ],
    [
      'truncated weights',
      [...question, '--model', brokenModel('model.safetensors', weights.subarray(0, weights.length >> 1))],
      1,
      /model\.safetensors: .*\d/,
    ],
    [
      'wrong shape',
      [...question, '--model', brokenModel('config.json', configWith({ q_lora_rank: 64 }))],
      1,
      /model\.safetensors: tensor model\.layers\.0\.self_attn\.q_a_proj\.weight: expected .*64/,
    ],
    [
      'unknown architecture',
      [...question, '--model', brokenModel('config.json', configWith({ model_type: 'mamba' }))],
      1,
      /model_type "mamba" is not supported; supported: deepseek_v2, deepseek_v3/,
    ],
    [
      'unknown format',
      [
        ...question,
        '--model',
        brokenModel('config.json', configWith({ quantization_config: { quant_method: 'gptq' } })),
      ],
      1,
      /gptq/,
    ],
  ])('%s', (_, args, expectedCode, message) => {
    const { code, out, error } = octoscale(args)
    expect(error).toMatch(message)
    expect(error).not.toMatch(/^\s+at /m)
    expect(error.split('\n').filter(Boolean).length).toBeLessThanOrEqual(2)
    expect(out).toBe('')
    expect(code).toBe(expectedCode)
  })
})
