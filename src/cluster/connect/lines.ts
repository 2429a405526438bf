/** Cuts a stream of bytes into lines, and reads each as JSON once it is whole. */

const newline = 0x0a

export class LineReader {
  #parts: Buffer[] = []
  readonly #onLine: (json: unknown) => void

  constructor(onLine: (json: unknown) => void) {
    this.#onLine = onLine
  }

  /** Throws a SyntaxError on a line that is no JSON. */
  read(chunk: Buffer): void {
    let from = 0
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      this.#parse(chunk.subarray(from, to))
      from = to + 1
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from))
  }

  #parse(last: Buffer): void {
    const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    if (line.length > 0) this.#onLine(JSON.parse(line.toString('utf8')))
  }
}
