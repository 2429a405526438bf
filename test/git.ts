/** The environment of Git in tests: nothing of the user's own is read, and the same files give the same commit. */
const person = ['GIT_AUTHOR', 'GIT_COMMITTER'].flatMap(who => [
  [`${who}_NAME`, 'somebody'],
  [`${who}_EMAIL`, 'somebody@example.com'],
  [`${who}_DATE`, '2026-01-02T03:04:05Z'],
])

export const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(person),
}
