/** Files on disk, for Node. What is here can be bundled for a page: there, each is an error that says so. */
export { type FolderOptions, fileFolder, fileSource } from './files/disk-source.ts'
