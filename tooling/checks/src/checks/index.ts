/** All checks, cheap ones first. */
import type { Check } from '../finding.ts'
import { bans } from './bans.ts'
import { changesets } from './changesets.ts'
import { documents } from './documents.ts'
import { examples } from './examples.ts'
import { fixtures } from './fixtures.ts'
import { imports } from './imports.ts'
import { kernels } from './kernels.ts'
import { leaks } from './leaks.ts'
import { lint } from './lint.ts'
import { sizes } from './sizes.ts'
import { types } from './types.ts'
import { unused } from './unused.ts'

export const checks: readonly Check[] = [
  lint,
  types,
  imports,
  sizes,
  bans,
  leaks,
  kernels,
  fixtures,
  unused,
  changesets,
  documents,
  examples,
]
