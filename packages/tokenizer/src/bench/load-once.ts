/** Loads a tokenizer once, from the file that is named, and prints how many milliseconds that took. For fresh-times.ts. */
import { readFileSync } from 'node:fs'
import { Tokenizer } from '../tokenizer/tokenizer.ts'

const [kind, path] = process.argv.slice(2)
const bytes = readFileSync(path!)
const start = performance.now()
if (kind === 'cache') Tokenizer.fromBytes(bytes)
else Tokenizer.fromFiles({ 'tokenizer.json': bytes })
console.log(performance.now() - start)
