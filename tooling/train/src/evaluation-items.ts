import { type EvaluationItem, evaluationItem } from './evaluation-item.ts'
import { evaluationRows } from './mix.ts'
import { heldOutPools } from './pools/pools.ts'
import { createRandom } from './random.ts'

/** Instances of one row, from strings that training never used. */
export function evaluationItems(row: string, seed: number, count: number): EvaluationItem[] {
  const entry = evaluationRows[row]
  if (!entry) throw new Error(`unknown row ${row}; known: ${Object.keys(evaluationRows).join(', ')}`)
  const context = { random: createRandom(seed, row), pools: heldOutPools, evaluation: true }
  return Array.from({ length: count }, () => {
    const [conversation] = entry.generate(context)
    if (!conversation) throw new Error(`row ${row} made nothing`)
    return evaluationItem(row, conversation)
  })
}
