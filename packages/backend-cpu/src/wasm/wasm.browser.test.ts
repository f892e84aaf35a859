/** The same tests as in Node, in a page: the engine's WebAssembly is another one in another browser. */
import './conformance.test.ts'
import './exact.test.ts'
