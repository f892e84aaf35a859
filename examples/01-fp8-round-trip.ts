// What block scaling does to a matrix: sizes, scales and errors of the recipes in use.
import { dequantize, maxAbsoluteError, quantize, recipes, sqnr } from '@octoscale/fp8-core'

const rows = 256
const columns = 384
// Small numbers with a few large ones, as trained weights are.
const weights = Float32Array.from({ length: rows * columns }, (_, i) => {
  const wave = Math.sin(i * 12.9898) * 43758.5453
  return (wave - Math.floor(wave) - 0.5) * (i % 1000 === 0 ? 0.8 : 0.05)
})

const { deepseekWeight, deepseekWeightUe8m0, mxfp8E4m3, mxfp4, nvfp4, hif8Block } = recipes
for (const recipe of [deepseekWeight, deepseekWeightUe8m0, mxfp8E4m3, mxfp4, nvfp4, hif8Block]) {
  const quantized = quantize(weights, [rows, columns], recipe)
  const restored = dequantize(quantized)
  console.log(recipe.name)
  console.log(
    `  ${weights.byteLength} bytes become ${quantized.codes.length} codes, ${quantized.scales.length} scales`,
  )
  console.log(`  first scales: ${[...quantized.scales.subarray(0, 3)].join(', ')}`)
  console.log(`  largest error ${maxAbsoluteError(weights, restored).toExponential(2)}`)
  console.log(`  signal to noise ${sqnr(weights, restored).toFixed(1)} dB`)
}
