import type { Check } from '../finding.ts'
import { isTest, readText, sourceFiles } from '../workspace.ts'

interface Ban {
  readonly pattern: RegExp
  readonly why: string
  /** Which files it is about. */
  readonly where: (file: string) => boolean
}

const isLibrary = (file: string): boolean => /^packages\/[^/]+\/src\/(?!bench\/)/.test(file) && !isTest(file)

const bans_: readonly Ban[] = [
  {
    pattern: /\bthrow new (Error|TypeError|RangeError)\(/,
    why: 'throw a typed error class that carries its facts as fields',
    where: isLibrary,
  },
  {
    pattern: /\bconsole\.\w+\(/,
    why: 'a library does not print: return the text, or take a callback',
    where: isLibrary,
  },
  {
    pattern: /@ts-(ignore|nocheck)\b/,
    why: 'use @ts-expect-error with the reason behind it',
    // AssemblyScript's decorators are unknown to TypeScript, and its sources are not checked by tsc.
    where: (file) => !file.includes('/assembly/'),
  },
  {
    pattern: /@ts-expect-error\s*$/,
    why: 'say behind @ts-expect-error what the error is',
    where: () => true,
  },
  {
    pattern: /\b(test|it|describe|suite)\.only\(/,
    why: 'the other tests of the file would not run',
    where: isTest,
  },
  {
    pattern: /\b(TODO|FIXME|XXX)\b/,
    why: 'do it, or write an issue',
    where: () => true,
  },
]

/** Lines that break a ban, as `file:line: reason`. */
export function findBanned(file: string, text: string): string[] {
  const applying = bans_.filter((ban) => ban.where(file))
  return text
    .split('\n')
    .flatMap((line, index) =>
      applying
        .filter((ban) => ban.pattern.test(line))
        .map((ban) => `${file}:${index + 1}: ${line.trim()}\n${ban.why}`),
    )
}

export const bans: Check = {
  name: 'bans',
  about: 'no plain errors, prints or loose ends in the sources',
  run() {
    // The check's own files hold the patterns.
    const files = sourceFiles().filter((file) => !file.startsWith('tooling/checks/src/checks/bans'))
    return {
      problems: files.flatMap((file) => findBanned(file, readText(file))),
      note: `${files.length} files`,
    }
  },
}
