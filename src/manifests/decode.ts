/** Bytes → text, as kubectl takes them: UTF-8, or UTF-16 with a byte order mark. */

export interface Undecodable {
  readonly line: number
  readonly message: string
  readonly fix: string
}

/** JavaScript's strings end at 512 MiB; nobody's manifests come near. */
const mostBytes = 256 * 1024 * 1024

export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly fault: Undecodable } {
  if (bytes.length > mostBytes)
    return {
      fault: { line: 1, message: 'the file is larger than 256 MiB', fix: 'give the manifests in smaller files' },
    }
  const encoding = encodingOf(bytes)
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    const before = new TextDecoder(encoding).decode(bytes).split('\uFFFD', 1)[0] ?? ''
    return {
      fault: {
        line: before.split('\n').length,
        message: `there are bytes here that are no ${encoding.toUpperCase()} text`,
        fix: 'save the file as UTF-8',
      },
    }
  }
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
