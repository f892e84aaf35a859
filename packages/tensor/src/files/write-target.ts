/** Where written files go: a folder whose files appear complete or not at all. */

/** A file that is being written and does not exist yet under its name. */
export interface PendingFile {
  /** `bytes` may be used again once this is done. Throws `FileWriteError`. */
  write(bytes: Uint8Array): Promise<void>
  /** No more comes: the bytes are safe, the name is not taken yet. Throws `FileWriteError`. */
  finish(): Promise<void>
  /** The file takes its name, in place of one that had it. After `finish`. Throws `FileWriteError`. */
  commit(): Promise<void>
  /** Removes what was written. Never throws: it is called after another error. */
  discard(): Promise<void>
}

/** A folder that files can be written to. */
export interface WritableFolder {
  /** Path, for error messages. */
  readonly name: string
  /** Begins a file. Throws `FileWriteError`. */
  create(file: string): Promise<PendingFile>
  /** Names of the files in it; none if the folder does not exist yet. */
  list(): Promise<readonly string[]>
  /** Removes a file. Throws `FileWriteError`. */
  remove(file: string): Promise<void>
}
