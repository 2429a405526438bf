/** One line on stderr for work that a person would otherwise wait for without knowing why. */

export type Tell = (line: string) => void

const patience = 2_000

export const tellStderr: Tell = line => {
  process.stderr.write(`${line}\n`)
}

export async function tellIfSlow<T>(line: string, work: () => Promise<T>, tell: Tell): Promise<T> {
  const timer = setTimeout(tell, patience, line)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}
