/** The environment of a job on GitHub → what is asked for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const failures = ['errors', 'expectations', 'rendered', 'opened', 'cut']

export function readSettings(env) {
  const temp = env.RUNNER_TEMP || env.TMPDIR || '/tmp'
  const failOn = listOf(env.TIERWALL_FAIL_ON ?? 'errors, expectations, rendered', /[\s,]+/).filter(
    word => word !== 'nothing',
  )
  const unknown = failOn.filter(word => !failures.includes(word))
  if (unknown.length > 0)
    throw new Error(`fail-on cannot be ${unknown.join(', ')}: write some of ${failures.join(', ')}`)
  return {
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    temp,
    paths: listOf(env.TIERWALL_PATHS || 'k8s', /\n/),
    build: env.TIERWALL_BUILD || undefined,
    config: env.TIERWALL_CONFIG || undefined,
    namespace: env.TIERWALL_NAMESPACE || 'default',
    expectations: env.TIERWALL_EXPECTATIONS || undefined,
    rendered: env.TIERWALL_RENDERED || undefined,
    failOn,
    command: env.TIERWALL_COMMAND || `"${join(temp, 'tierwall/node_modules/.bin/tierwall')}"`,
    summary: env.GITHUB_STEP_SUMMARY,
    output: env.GITHUB_OUTPUT,
    ...readEvent(env),
    comment: {
      wanted: (env.TIERWALL_COMMENT ?? 'true') === 'true',
      author: env.TIERWALL_COMMENT_AUTHOR || 'github-actions[bot]',
      // It becomes part of an HTML comment.
      name: (env.TIERWALL_NAME ?? '').replaceAll(/[^\w .]/g, '_'),
      token: env.TIERWALL_TOKEN || undefined,
      api: env.GITHUB_API_URL || 'https://api.github.com',
      repository: env.GITHUB_REPOSITORY ?? '',
    },
  }
}

function listOf(text, separator) {
  return text
    .split(separator)
    .map(word => word.trim())
    .filter(word => word !== '')
}

/** What the change is compared with, and where the comment belongs. */
function readEvent({ GITHUB_EVENT_PATH: file }) {
  const event = file ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const { pull_request: pull, merge_group: group } = event
  if (pull) return { base: commitOf(pull.base?.sha), head: commitOf(pull.head?.sha), number: numberOf(pull.number) }
  return { base: commitOf(group?.base_sha ?? event.before), head: undefined, number: undefined }
}

/** A branch that is new has nothing but zeros before. */
function commitOf(sha) {
  return typeof sha === 'string' && /^[0-9a-f]{40,64}$/.test(sha) && !/^0+$/.test(sha) ? sha : undefined
}

const numberOf = number => (Number.isSafeInteger(number) && number > 0 ? number : undefined)
