/** Problems and where their sources stand → text for people, JSON for scripts, SARIF for code hosts. */
export { problemsAsJson } from './json.ts'
export { countProblems, type Locate, type Place, type ProblemCount, writeCount } from './placed.ts'
export { problemsAsSarif } from './sarif.ts'
export { problemsAsText, type Style } from './text.ts'
