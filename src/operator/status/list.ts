/** Sentences → one message. How many there are stands first, since the end may be cut. */
export function joinSentences(sentences: readonly string[]): string {
  const joined = sentences.join('. ')
  return sentences.length > 1 ? `${sentences.length} problems: ${joined}` : joined
}
