/**
 * Lower case, character by character as the Rust library does it. JavaScript's has one rule that looks at neighbours: a sigma
 * at the end of a word becomes ς. Without its neighbours it becomes σ.
 */
export function lowercase(text: string): string {
  return text
    .split('Σ')
    .map((part) => part.toLowerCase())
    .join('σ')
}
