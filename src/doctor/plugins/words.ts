/** What a command line says of one of its flags. */

/** `--name=value`, `--name value` and `--name` alone, which means true; the last one counts. */
export function flagOf(words: readonly string[], name: string): string | undefined {
  let value: string | undefined
  for (const [index, word] of words.entries()) {
    const bare = word.replace(/^--?/, '')
    if (word === bare) continue
    if (bare.startsWith(`${name}=`)) value = bare.slice(name.length + 1)
    else if (bare === name) value = isValue(words[index + 1]) ? words[index + 1] : 'true'
  }
  return value
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-')
}
