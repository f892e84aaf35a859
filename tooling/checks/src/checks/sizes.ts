import type { Check } from '../finding.ts'
import { readText, sourceFiles } from '../workspace.ts'

/** Lines. A file that wants more holds two things. */
const most = 400
const mostMedian = 100

export interface Sizes {
  readonly files: number
  readonly median: number
  readonly p90: number
  readonly largest: number
}

/** Nearest-rank quantiles of line counts; all zero for no files. */
export function measure(lines: readonly number[]): Sizes {
  const sorted = [...lines].sort((a, b) => a - b)
  const quantile = (q: number): number => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
  return { files: sorted.length, median: quantile(0.5), p90: quantile(0.9), largest: quantile(1) }
}

export const sizes: Check = {
  name: 'sizes',
  about: `files are small: median at most ${mostMedian} lines, none over ${most}`,
  run() {
    const counted = sourceFiles().map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
    const all = measure(counted.map((one) => one.lines))
    const problems = counted
      .filter((one) => one.lines > most)
      .map((one) => `${one.file} has ${one.lines} lines, at most ${most}: split it`)
    if (all.median > mostMedian) problems.push(`the median is ${all.median} lines, at most ${mostMedian}`)
    const groups = Map.groupBy(counted, (one) => /^[^/]+\/[^/]+(?=\/)|^[^/]+/.exec(one.file)?.[0] ?? '')
    const details = [...groups].map(([folder, files]) => {
      const sizes_ = measure(files.map((one) => one.lines))
      return row(folder, sizes_)
    })
    const note = `${all.files} files, median ${all.median}, p90 ${all.p90}, largest ${all.largest} lines`
    return { problems, note, details: [header, ...details, row('all', all)] }
  },
}

const header = `${'folder'.padEnd(24)} files median  p90 largest`

function row(folder: string, { files, median, p90, largest }: Sizes): string {
  const cells = [
    `${files}`.padStart(5),
    `${median}`.padStart(6),
    `${p90}`.padStart(4),
    `${largest}`.padStart(7),
  ]
  return `${folder.padEnd(24)} ${cells.join(' ')}`
}
