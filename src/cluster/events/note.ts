/** What the API server accepts in an Event is short, and what does not fit is cut rather than refused. */

/** Of bytes, not of characters: this is how the API server counts. */
const noteLimit = 1_024
const nameLimit = 128

export function cutNote(text: string): string {
  return cutTo(text, noteLimit)
}

/** Reasons, actions and instances. */
export function cutName(text: string): string {
  return cutTo(text, nameLimit)
}

function cutTo(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const end = '…'
  const room = limit - Buffer.byteLength(end)
  // A decoder that streams keeps back the character that the cut went through.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, room), { stream: true }) + end
}
