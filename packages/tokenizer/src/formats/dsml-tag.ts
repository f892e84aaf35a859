/** Tags of DSML, the markup of DeepSeek-V3.2. */
import type { SegmentWriter } from '../chat/segments.ts'

/** Writes a tag such as `<｜DSML｜invoke`: what is before and behind the name of the markup. */
export function writeTag(writer: SegmentWriter, before: string, behind: string): void {
  writer.plain(before)
  writer.control('｜DSML｜')
  writer.plain(behind)
}
