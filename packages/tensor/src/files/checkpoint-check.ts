/** Whether an index and the files that it names agree. */
import type { SafetensorsFile } from './safetensors.ts'

export interface CheckpointCheck {
  readonly files: number
  /** In the index, or in the one file. */
  readonly tensors: number
  /** Tensors that a file holds and the index does not say to be there: nobody reads them. */
  readonly unlisted: readonly { readonly file: string; readonly tensor: string }[]
}

/** Opens every file. Throws as `Checkpoint.check`. */
export async function checkShards(
  fileNames: ReadonlyMap<string, string>,
  open: (file: string) => Promise<SafetensorsFile>,
): Promise<CheckpointCheck> {
  const unlisted: { file: string; tensor: string }[] = []
  const files = new Set(fileNames.values())
  for (const file of files) {
    for (const tensor of (await open(file)).names) {
      if (fileNames.get(tensor) !== file) unlisted.push({ file, tensor })
    }
  }
  // `info` throws for a tensor that its file has not.
  for (const [tensor, file] of fileNames) await (await open(file)).info(tensor)
  return { files: files.size, tensors: fileNames.size, unlisted }
}
