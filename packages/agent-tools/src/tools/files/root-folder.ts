/** One folder, and the files in it: nothing outside can be opened through this, whatever the path or the links. */
import { constants, lstatSync, realpathSync } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { PathError, type PathProblem } from './path-error.ts'
import { type PathRules, pathSegments } from './path-rules.ts'

/** Does not follow a link that appears at the last moment, and does not wait for the other end of a pipe. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Whether `target` is `root` or in it, both without links: `data-evil` is not in `data`. */
export function isInside(root: string, target: string): boolean {
  const way = relative(root, target)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

export class RootFolder {
  /** The root itself, without links. */
  readonly root: string
  readonly #rules: PathRules

  private constructor(root: string, rules: PathRules) {
    this.root = root
    this.#rules = rules
  }

  /** Resolves the links of the root once: later changes of them have no effect. PathError if it is no folder. */
  static async open(root: string, rules: PathRules): Promise<RootFolder> {
    const real = await realpath(root).catch((cause: unknown) => {
      throw new PathError({ path: root, reason: 'missing', problem: 'the root folder does not exist', cause })
    })
    if (!(await stat(real)).isDirectory())
      throw new PathError({ path: root, reason: 'kind', problem: 'the root is not a folder' })
    return new RootFolder(real, rules)
  }

  /** Whether the path rules allow this path; says nothing of what is there. */
  allows(path: string): boolean {
    try {
      pathSegments(path, this.#rules)
      return true
    } catch (error) {
      if (error instanceof PathError) return false
      throw error
    }
  }

  /** The place that a path leads to, all links followed. It lies inside; a later check must repeat that. */
  async resolve(path: string): Promise<string> {
    const target = join(this.root, ...pathSegments(path, this.#rules))
    const real = await asked(path, realpath(target))
    if (!isInside(this.root, real))
      throw new PathError({ path, reason: 'outside', problem: 'a link leads outside of the folder' })
    // A link may lead to what its own name hides.
    pathSegments(relative(this.root, real).split(sep).join('/'), this.#rules)
    return real
  }

  /** Opens a regular file for reading and passes it to `use`; it is closed when `use` is done. */
  async withFile<Result>(
    path: string,
    use: (file: FileHandle, size: number) => Promise<Result>,
  ): Promise<Result> {
    const real = await this.resolve(path)
    // Not opened at all when it is no file: opening a device can act. What the handle is, is asked again below.
    requireFile(path, await asked(path, lstat(real)))
    const file = await asked(path, open(real, openFlags))
    try {
      const opened = await file.stat({ bigint: true })
      requireFile(path, opened)
      if (!(await isStillInside(this.root, real, file)))
        throw new PathError({ path, reason: 'changed', problem: 'it changed while it was opened' })
      return await use(file, Number(opened.size))
    } finally {
      await file.close()
    }
  }
}

/**
 * Whoever can write in the root may exchange a folder for a link between the check of the path and the opening. Linux
 * tells where the open file really is. Elsewhere the place must, again and again, be without links and hold the file
 * that is open: exchanges would have to hit every one of these moments. That is unlikely, not impossible.
 */
async function isStillInside(root: string, real: string, file: FileHandle): Promise<boolean> {
  const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined)
  return place === undefined ? await staysTheSame(real, file) : isInside(root, place)
}

/** The check for systems without `/proc`. Synchronous, so that as little as possible happens between its questions. */
export async function staysTheSame(real: string, file: FileHandle): Promise<boolean> {
  const opened = await file.stat({ bigint: true })
  try {
    for (let round = 0; round < 8; round++) {
      if (realpathSync.native(real) !== real) return false
      const there = lstatSync(real, { bigint: true })
      if (there.ino !== opened.ino || there.dev !== opened.dev) return false
    }
    return true
  } catch {
    return false
  }
}

function requireFile(path: string, found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return
  const problem = found.isDirectory() ? 'it is a folder; list_files shows what is in it' : 'it is not a file'
  throw new PathError({ path, reason: 'kind', problem })
}

/** A question to the file system, whose refusal becomes a PathError without absolute paths. */
export async function asked<Answer>(path: string, question: Promise<Answer>): Promise<Answer> {
  return await question.catch((cause: unknown) => {
    throw fromSystem(path, cause)
  })
}

function fromSystem(path: string, cause: unknown): PathError {
  const code = (cause as { readonly code?: unknown }).code
  const [reason, problem] = known[String(code)] ?? (['denied', `cannot be opened (${String(code)})`] as const)
  return new PathError({ path, reason, problem, cause })
}

const missing = ['missing', 'no such file'] as const
const known: Readonly<Record<string, readonly [PathProblem, string]>> = {
  ENOENT: missing,
  ENOTDIR: missing,
  ENAMETOOLONG: ['name', 'a name in it is too long'],
  ELOOP: ['outside', 'its links go round in circles'],
  EACCES: ['denied', 'no permission to read it'],
  EPERM: ['denied', 'no permission to read it'],
}
