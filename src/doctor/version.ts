/** Versions as clusters and images spell them. */

export type Version = readonly [major: number, minor: number, patch: number]

/** `v1.31.2-eks-7f9249a` and `1.31` are versions; a digest, a date or `latest` is none. */
export function readVersion(text: string): Version | undefined {
  const read = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?![\d])/.exec(text)
  return read ? [Number(read[1]), Number(read[2]), Number(read[3] ?? 0)] : undefined
}

export function isBefore(a: Version, b: Version): boolean {
  const [major, minor, patch] = a.map((number, index) => number - (b[index] ?? 0))
  return (major || minor || patch || 0) < 0
}

export function writeVersion([major, minor, patch]: Version): string {
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`
}

/** `registry:5000/cilium/cilium:v1.16.1@sha256:…` → `v1.16.1` */
export function tagOf(image: string): string | undefined {
  const [name = ''] = image.split('@', 1)
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined
}
