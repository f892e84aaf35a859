/** Tools that need Node: the files of one folder, and reading documents to search in. */
export { fileTools } from './tools/files/file-tools.ts'
export { FileContentError, PathError, type PathProblem } from './tools/files/path-error.ts'
export { type ReadDocuments, type ReadDocumentsOptions, readDocuments } from './tools/files/read-documents.ts'
export type { FileToolOptions } from './tools/files/settings.ts'
