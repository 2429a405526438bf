/** What the probe's pods run. `agnhost` is Kubernetes' own tool for tests of the network; the rest is any POSIX shell. */

export const port = 8080

/** It stands in the root of its image, which is in no PATH. */
export const path = '/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Says its name to whoever connects, and can do nothing else. */
export const serve: readonly string[] = ['/bin/sh', '-c', `exec agnhost serve-hostname --port=${port}`]

export type Expected = 'reached' | 'shut'

/** Exit codes of a client; every other one says that it could not try. */
export const exit = { seen: 0, notSeen: 3 } as const

/** Tries up to the first that counts, a second and its own time each: some network plugins need seconds for a policy. */
export const tries = 20
/** One lost packet is no policy. */
const inARow = 2

/** `connect` ends with 1 where it got through to nobody, and with other codes where it did not try. */
const script = `
row=0 tries=0
while [ "$row" -lt ${inARow} ]; do
  [ "$tries" -lt ${tries} ] || exit ${exit.notSeen}
  tries=$((tries + 1))
  agnhost connect --timeout=2s "$2"
  case $? in
    0) seen=reached ;;
    1) seen=shut ;;
    *) exit 4 ;;
  esac
  if [ "$seen" = "$1" ]; then row=$((row + 1)); else row=0; fi
  sleep 1
done
`.trim()

export function tryUntil(expected: Expected, address: string): readonly string[] {
  const host = address.includes(':') ? `[${address}]` : address
  return ['/bin/sh', '-c', script, 'tierwall-probe', expected, `${host}:${port}`]
}
