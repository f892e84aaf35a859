import type { RootFolder } from './root-folder.ts'

export interface FileToolOptions {
  /** The one folder that the tools see. */
  readonly root: string
  /** Largest file that is read or searched, in bytes. Default: 1 MiB. */
  readonly maxBytes?: number
  /** Longest result of a call, in characters. Default: 16,000. */
  readonly maxCharacters?: number
  /** Most lines that one call of read_file shows. Default: 500. */
  readonly maxLines?: number
  /** Number the lines of read_file. Default: no. */
  readonly lineNumbers?: boolean
  /** Also names that begin with a dot: `.env`, `.git`. Default: no. */
  readonly hidden?: boolean
}

/** The options with their defaults, and the folder they are about. */
export interface FileToolSettings extends Required<Omit<FileToolOptions, 'root' | 'hidden'>> {
  readonly folder: RootFolder
}
