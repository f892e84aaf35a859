/** 64-bit addresses in a page. */
import './memory64.test.ts'
