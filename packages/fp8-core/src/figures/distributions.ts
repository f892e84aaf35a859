/** The kinds of data that recipes are measured on, from a seeded generator. */
import { seededUniform } from './random.ts'

export interface Distribution {
  readonly name: string
  /** One number, from uniform ones. */
  readonly draw: (uniform: () => number) => number
}

/** Box and Muller's transform: standard deviation 1. */
function gauss(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

export const distributions: readonly Distribution[] = [
  { name: 'Gauss', draw: gauss },
  {
    name: 'Laplace',
    draw: (uniform) => {
      const place = uniform() - 0.5
      return -Math.sign(place) * Math.log(1 - 2 * Math.abs(place))
    },
  },
  {
    name: 'Student t4',
    // Four degrees of freedom: a Gaussian over the root of a chi-squared number of 4 degrees by 4; that one is -2 ln(u v).
    draw: (uniform) => gauss(uniform) / Math.sqrt((-2 * Math.log(uniform() * uniform())) / 4),
  },
  {
    name: 'Gauss + outliers',
    // One in a thousand is 50 times as large.
    draw: (uniform) => gauss(uniform) * (uniform() < 0.001 ? 50 : 1),
  },
]

/** `count` numbers of a distribution, always the same ones. */
export function samples({ draw }: Distribution, count: number): Float32Array {
  const uniform = seededUniform(1)
  return Float32Array.from({ length: count }, () => draw(uniform))
}
