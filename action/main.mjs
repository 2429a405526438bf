/** A pull request in, one comment out: what it opens and cuts, what is wrong with it, and whether that fails the job. */
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { putComment } from './comment.mjs'
import { annotate, tell } from './log.mjs'
import { markerOf, onOneLine, writeCount, writeReport } from './markdown.mjs'
import { readSettings } from './settings.mjs'
import { compareRendered, lint, plan, readVersion, verify } from './tierwall.mjs'
import { checkOutBase, findManifests, findManifestsOfBase } from './trees.mjs'

const settings = readOrLeave()
// What is started from here on, the build above all, has no business with it.
delete process.env.TIERWALL_TOKEN

try {
  process.exitCode = await review(settings)
} catch (error) {
  tell('error', error.message)
  process.exitCode = 1
}

function readOrLeave() {
  try {
    return readSettings(process.env)
  } catch (error) {
    tell('error', error.message)
    process.exit(1)
  }
}

async function review(settings) {
  const found = await look(settings)
  const report = writeReport(found)
  if (settings.build === undefined) annotate(found.lint.problems)
  const url = await tellPullRequest(settings, found, report)
  const file = join(settings.temp, 'tierwall-review.md')
  await writeFile(file, report)
  if (settings.summary) await appendFile(settings.summary, report)
  if (settings.output) await appendFile(settings.output, writeOutputs(found, { url, file }))
  for (const failure of found.failures) tell('error', failure)
  return found.failures.length > 0 ? 1 : 0
}

async function look(settings) {
  const head = await findManifests(settings.workspace, settings)
  if ('failed' in head) throw new Error(`the manifests cannot be built: ${head.failed}`)
  const base = await checkOutBase(settings)
  const former = 'folder' in base ? await findManifestsOfBase(base.folder, settings) : undefined
  const [linted, planned, verification, rendered, version] = await Promise.all([
    lint(head.paths, settings),
    former && plan(head.paths, former.paths, settings),
    settings.expectations && verify(head.paths, settings),
    settings.rendered && compareRendered(head.paths, settings),
    readVersion(settings),
  ])
  const found = { name: settings.comment.name, lint: linted, plan: planned, verification, rendered }
  const notes = [base.missing, former?.note, ...(found.plan?.notes ?? [])].filter(note => note !== undefined)
  const against = 'commit' in base ? `compared with ${base.commit.slice(0, 12)}, ` : ''
  const about = `${against}tierwall ${onOneLine(version)}`
  return { ...found, notes, about, failures: findFailures(found, settings) }
}

function findFailures({ lint, plan, verification, rendered }, { failOn }) {
  const flows = (count, one, more) =>
    count === 'unknown' ? 'flows could not be compared' : count === 1 ? `1 flow ${one}` : `${count} flows ${more}`
  const all = {
    errors: lint.count.errors > 0 && writeCount({ errors: lint.count.errors, warnings: 0 }),
    expectations: verification && !verification.holds && 'not all expectations hold',
    rendered: rendered && !rendered.holds && 'what was rendered is not current',
    opened: plan && plan.opened !== 0 && flows(plan.opened, 'opens', 'open'),
    cut: plan && plan.cut !== 0 && flows(plan.cut, 'is cut', 'are cut'),
  }
  return [...new Set(failOn.map(kind => all[kind]).filter(Boolean))]
}

async function tellPullRequest({ comment, number }, { plan, lint, failures, verification }, body) {
  if (!comment.wanted || number === undefined) return undefined
  const isQuiet = plan !== undefined && plan.changes === 0 && plan.opened === 0 && plan.cut === 0
  const isFine = lint.problems.length === 0 && failures.length === 0 && (verification?.holds ?? true)
  const marker = markerOf(comment.name)
  const { url, missing } = await putComment(comment, number, { marker, body, isWorthy: !(isQuiet && isFine) })
  if (missing !== undefined) tell('notice', `there is no comment, see the summary of this job: ${missing}`)
  return url
}

function writeOutputs({ lint, plan }, { url = '', file }) {
  const { changes = 0, opened = 0, cut = 0 } = plan ?? {}
  const { errors, warnings } = lint.count
  const values = { errors, warnings, changes, opened, cut, 'comment-url': onOneLine(url), report: file }
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
