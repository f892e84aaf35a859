/** What a chat template may use up; what is not bounded: limited-template.ts. */
export interface TemplateLimits {
  /** Characters of the template. Default 1,000,000. */
  readonly maxTemplate?: number | undefined
  /** Default 20,000,000. */
  readonly maxSteps?: number | undefined
  /** Characters of a string, thus of the prompt. Default 16,000,000. */
  readonly maxText?: number | undefined
  /** Items of a list. Default 1,000,000. */
  readonly maxItems?: number | undefined
  /** Default 10,000. */
  readonly maxMilliseconds?: number | undefined
}
