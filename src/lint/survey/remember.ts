/** The same question is answered once. */
export function remember<Q extends readonly unknown[], A>(
  answer: (...question: Q) => A,
  keyOf: (...question: Q) => string,
) {
  const known = new Map<string, { readonly answer: A }>()
  return (...question: Q): A => {
    const key = keyOf(...question)
    const given = known.get(key) ?? { answer: answer(...question) }
    known.set(key, given)
    return given.answer
  }
}
