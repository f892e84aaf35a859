/** Unicode normal forms as the Rust library makes them: in n log n steps, and of an older Unicode. */
import { orderMarks } from './mark-order.ts'

export const NORMAL_FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const

export type NormalForm = (typeof NORMAL_FORMS)[number]

/** Newer characters, which the library leaves as they are. Those with a canonical decomposition: */
const NEW_CANONICAL =
  '\\u{105c9}\\u{105e4}\\u{11383}\\u{11385}\\u{1138e}\\u{11391}\\u{113c5}\\u{113c7}\\u{113c8}\\u{11938}\\u{16121}-\\u{16128}\\u{16d68}-\\u{16d6a}'
/** Those with a compatibility decomposition, such as the Japanese era name of 2019. */
const NEW_COMPATIBLE =
  '\\u32ff\\ua7f1-\\ua7f4\\uab69\\u{10781}-\\u{10785}\\u{10787}-\\u{107b0}\\u{107b2}-\\u{107ba}\\u{1ccd6}-\\u{1ccf9}\\u{1e030}-\\u{1e06d}\\u{1f16c}\\u{1fbf0}-\\u{1fbf9}'

const KEPT: Readonly<Record<NormalForm, RegExp | null>> = {
  NFC: null,
  NFD: new RegExp(`([${NEW_CANONICAL}])`, 'u'),
  NFKC: new RegExp(`([${NEW_COMPATIBLE}])`, 'u'),
  NFKD: new RegExp(`([${NEW_CANONICAL}${NEW_COMPATIBLE}])`, 'u'),
}

/** The scripts of NEW_CANONICAL are composed by NFC and NFKC here, but not by the library: the one known difference. */
export function normalForm(text: string, form: NormalForm): string {
  const kept = KEPT[form]
  if (kept === null || !kept.test(text)) return orderMarks(text).normalize(form)
  const parts = text.split(kept)
  return parts.map((part, index) => (index % 2 === 1 ? part : orderMarks(part).normalize(form))).join('')
}
