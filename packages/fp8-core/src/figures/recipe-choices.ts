/** The rows of "which recipe do I want". */
export interface Choice {
  readonly want: string
  /** Markdown: the recipe as it stands in a program. */
  readonly take: string
  /** Its name among the `schemes`, which has the figures. */
  readonly scheme: string
}

export const choices: readonly Choice[] = [
  {
    want: 'weights as DeepSeek-V3.1 stores them',
    take: '`recipes.deepseekWeightUe8m0`',
    scheme: 'DeepSeek weight, UE8M0',
  },
  {
    want: 'activations beside them',
    take: '`recipes.deepseekActivationUe8m0`',
    scheme: 'DeepSeek activation, UE8M0',
  },
  {
    want: 'V3 and R1, whose scales are F32',
    take: '`recipes.deepseekWeight`, `recipes.deepseekActivation`',
    scheme: 'DeepSeek activation, F32',
  },
  {
    want: 'the least error with E4M3 codes, and time to search',
    take: "`{ ...recipes.deepseekActivation, selection: 'search' }`",
    scheme: 'E4M3 1x128, F32, search',
  },
  {
    want: 'one scale, data without outliers',
    take: '`recipes.tensorE4m3`, `recipes.rowE4m3`',
    scheme: 'E4M3 per tensor',
  },
  {
    want: 'MX hardware, FP8',
    take: "`{ ...recipes.mxfp8E4m3, selection: 'up' }`",
    scheme: 'MXFP8 E4M3, up',
  },
  {
    want: 'MX hardware, the least error in 8 bits',
    take: '`recipes.mxint8`',
    scheme: 'MXINT8, floor',
  },
  {
    want: 'MX hardware, 6 bits',
    take: '`recipes.mxfp6E2m3`',
    scheme: 'MXFP6 E2M3, floor',
  },
  {
    want: 'MX hardware, 4 bits',
    take: "`{ ...recipes.mxfp4, selection: 'search' }`",
    scheme: 'MXFP4, search',
  },
  {
    want: "4 bits on NVIDIA's FP4 hardware",
    take: "`{ ...recipes.nvfp4, selection: 'four-over-six' }`",
    scheme: 'NVFP4, four over six',
  },
  { want: 'HiF8 (Ascend)', take: '`recipes.hif8Tensor`, `recipes.hif8Block`', scheme: 'HiF8 1x128, F32' },
]
