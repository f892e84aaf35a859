/** The error of a configuration that cannot be followed; what tensors say is a `FormatError`. */

/** `quantization_config` names something unknown, or contradicts itself or the tensors. Nothing was read. */
export class QuantizationConfigError extends Error {
  override readonly name = 'QuantizationConfigError'
  /** The checkpoint. */
  readonly file: string
  /** Path of the setting, such as `quantization_config.quant_method`. */
  readonly field: string
  /** What is supported there. */
  readonly expected: string
  readonly got: string
  constructor(facts: { file: string; field: string; expected: string; got: string }) {
    super(`${facts.file}: config.json: ${facts.field} is ${facts.got}; supported: ${facts.expected}`)
    this.file = facts.file
    this.field = facts.field
    this.expected = facts.expected
    this.got = facts.got
  }
}
