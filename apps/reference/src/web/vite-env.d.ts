/** Imports of files, as Vite resolves them: a style sheet is added to the page, a picture is its address. */
declare module '*.css'

declare module '*.svg' {
  const address: string
  export default address
}
