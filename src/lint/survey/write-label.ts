/** A label as YAML has it, to be pasted. */
export function writeLabel(key: string, value: string): string {
  return `${key}: ${isPlain(value) ? value : JSON.stringify(value)}`
}

/** YAML takes these words for something else than text. */
const words: readonly string[] = ['true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'null']

function isPlain(value: string): boolean {
  return /^[a-z][a-z0-9_.-]*$/i.test(value) && !words.includes(value.toLowerCase())
}
