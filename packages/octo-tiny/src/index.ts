/**
 * The embedded model's files, as URLs beside this module, in the form that `load()` of `octoscale` takes.
 *
 * Each is written as `new URL('...', import.meta.url)` with a literal name: bundlers (Vite, webpack, Rollup)
 * recognise this form and ship the file as an asset; in Node they are `file:` URLs.
 */
export const octoTiny: { readonly name: string; readonly files: Readonly<Record<string, URL>> } = {
  name: 'octo-tiny',
  files: {
    'config.json': new URL('../model/config.json', import.meta.url),
    'generation_config.json': new URL('../model/generation_config.json', import.meta.url),
    'model.safetensors': new URL('../model/model.safetensors', import.meta.url),
    'tokenizer.json': new URL('../model/tokenizer.json', import.meta.url),
    'tokenizer_config.json': new URL('../model/tokenizer_config.json', import.meta.url),
  },
}
