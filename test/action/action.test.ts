import { describe, expect, test } from 'vitest'
import { inFolder } from '../cli/run.ts'
import { threeTiers } from '../report/shop.ts'
import { robot, startGitHub, token } from './github.ts'
import { cloneShallow, makeRepository } from './repository.ts'
import { action, type Inputs, runAction } from './run.ts'

const annotate = (yaml: string, tier: string, more: string) =>
  yaml.replace(`tierwall.dev/tier: "${tier}"`, `tierwall.dev/tier: "${tier}"\n    ${more}`)
const wider = annotate(threeTiers, 'db', 'tierwall.dev/allow-from: "api, web"')
const broken = annotate(threeTiers, 'db', 'tierwall.dev/allow-from: "</code>@everyone ```\\n::error::x"')
const shop = 'k8s/shop.yaml'
const opens = '`shop/web -> shop/db: 3306/TCP`'

describe('the action on a pull request', () => {
  test('says in a comment and in the summary what opens, and by whose word', async () => {
    const github = await startGitHub()
    const { code, summary, outputs, log } = await runAction(
      makeRepository({ [shop]: threeTiers }, { [shop]: wider }),
      github,
    )
    expect({ code, log }).toEqual({ code: 0, log: '' })
    const [comment] = github.comments
    expect(comment?.body).toMatch(
      /^<!-- tierwall review -->\n\n### Tierwall: 2 to change; 1 flow opens, no flow is cut\n/,
    )
    expect(comment?.body).toContain(`**Flows that open**\n\n- ${opens}`)
    expect(comment?.body).toContain('- because `k8s/shop.yaml:')
    expect(comment?.body).toMatch(/<sub>compared with [0-9a-f]{12}, tierwall \d+\.\d+\.\d+<\/sub>\n$/)
    expect(summary).toBe(comment?.body)
    expect(outputs).toMatchObject({ errors: '0', changes: '2', opened: '1', cut: '0' })
    expect(outputs['comment-url']).toBe('https://github.com/acme/shop/pull/7#issuecomment-1000')
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort())
  })

  test('writes over its own comment, wherever it stands, and over nobody else’s', async () => {
    const github = await startGitHub()
    const copied = '<!-- tierwall review -->\n\nmine'
    for (let id = 0; id < 230; id++) github.comments.push({ id, user: { login: 'somebody' }, body: copied })
    github.comments.push({ id: 230, user: { login: robot }, body: '<!-- tierwall review of other -->' })
    github.comments.push({ id: 231, user: { login: robot }, body: '<!-- tierwall review -->\n\nold' })
    await runAction(makeRepository({ [shop]: threeTiers }, { [shop]: wider }), github)
    expect(github.comments).toHaveLength(232)
    expect(github.comments[231]?.body).toContain(opens)
    expect(github.comments.slice(0, 230).every(({ body }) => body === copied)).toBe(true)
    expect(github.asked.map(line => line.split(' ')[0])).toEqual(['GET', 'GET', 'GET', 'PATCH'])
  })

  test('says nothing where nothing changes, but takes back what it said', async () => {
    const github = await startGitHub()
    const repository = makeRepository({ [shop]: threeTiers }, { 'README.md': 'a shop' })
    expect((await runAction(repository, github)).log).toContain('there is nothing to say')
    expect(github.comments).toEqual([])
    github.comments.push({ id: 1, user: { login: robot }, body: '<!-- tierwall review -->\n\nold' })
    await runAction(repository, github)
    expect(github.comments[0]?.body).toContain('### Tierwall: no changes')
  })

  test('keeps to the summary and says so where the token may not write, as that of a fork', async () => {
    const github = await startGitHub({ mayWrite: false })
    const { code, log, summary } = await runAction(makeRepository({ [shop]: threeTiers }, { [shop]: wider }), github)
    expect(code).toBe(0)
    expect(log).toBe(
      '::notice::there is no comment, see the summary of this job: the token may not write comments here (403), as that of a pull request from a fork\n',
    )
    expect(summary).toContain(opens)
  })

  test('asks once more where GitHub fails for a moment, and never writes twice', async () => {
    const github = await startGitHub()
    const repository = makeRepository({ [shop]: threeTiers }, { [shop]: wider })
    github.faults.push(502)
    await runAction(repository, github)
    expect(github.comments).toHaveLength(1)
    github.comments.length = 0
    github.asked.length = 0
    const failing = await startGitHub()
    failing.faults.push(503, 503, 503)
    expect((await runAction(repository, failing)).log).toContain(
      'GitHub answers 503 where it is asked to read comments',
    )
  })

  test('compares with what the change is merged into, which a checkout of one commit does not have', async () => {
    const github = await startGitHub()
    const repository = makeRepository({ [shop]: threeTiers }, { [shop]: wider })
    const { outputs } = await runAction(repository, github, { workspace: cloneShallow(repository) })
    expect(outputs).toMatchObject({ changes: '2', opened: '1' })
  })

  test('takes what was not there before for nothing', async () => {
    const github = await startGitHub()
    const { summary } = await runAction(makeRepository({ 'README.md': 'a shop' }, { [shop]: threeTiers }), github)
    expect(summary).toContain('### Tierwall: 5 to create')
  })

  test('sees also what .gitattributes leaves out of archives', async () => {
    const github = await startGitHub()
    const hidden = { [shop]: threeTiers, '.gitattributes': 'k8s export-ignore\n' }
    expect((await runAction(makeRepository(hidden, { [shop]: wider }), github)).outputs).toMatchObject({ changes: '2' })
  })
})

describe('what people wrote', () => {
  test('stands in code, in the comment as in the log', async () => {
    const github = await startGitHub()
    const { code, log } = await runAction(makeRepository({ [shop]: threeTiers }, { [shop]: broken }), github)
    expect(code).toBe(1)
    const lines = github.comments[0]?.body.split('\n').filter(line => line.includes('everyone')) ?? []
    expect(lines).not.toEqual([])
    for (const line of lines) expect(line).toMatch(/^- (?:because )?(`{4,}) .*<\/code>@everyone.* \1$/)
    expect(log).toMatch(/^::error file=k8s\/shop\.yaml,line=\d+,col=\d+,title=[\w-]+::.*@everyone/m)
    expect(log).not.toMatch(/^::error::x/m)
  })

  test('fits into a comment, however much it is', async () => {
    const github = await startGitHub()
    const names = Array.from({ length: 300 }, (_, number) => `w${number}`)
    const many = (from: string) =>
      names
        .map(name =>
          annotate(threeTiers.split('---')[1] ?? '', 'web', `tierwall.dev/allow-from: "${from}"`).replaceAll(
            /\bweb\b/g,
            name,
          ),
        )
        .join('---')
    await runAction(makeRepository({ [shop]: many('anywhere') }, { [shop]: many('`'.repeat(50)) }), github)
    const { length = 0 } = github.comments[0]?.body ?? ''
    expect(length).toBeGreaterThan(10_000)
    expect(length).toBeLessThan(65_536)
    expect(github.comments[0]?.body).toMatch(/<\/sub>\n$/)
  })

  test('is no place for the token', async () => {
    const github = await startGitHub()
    const inputs = { build: 'env | sort | sed "s/^/# /"; cat k8s/*.yaml' }
    const job = await runAction(makeRepository({ [shop]: threeTiers }, { [shop]: broken }), github, { inputs })
    expect(JSON.stringify([job, github.comments])).not.toContain(token)
  })
})

describe('what fails the job', () => {
  const expectations = 'web -> db:3306 denied # `nobody` but api\n'
  const inputs = {
    expectations: 'expectations.txt',
    rendered: 'policies.yaml',
    'fail-on': 'expectations, rendered, opened, cut',
  }

  test('is what is asked for, each with a sentence', async () => {
    const github = await startGitHub()
    const files = { 'expectations.txt': expectations, 'policies.yaml': 'old' }
    const repository = makeRepository({ [shop]: threeTiers, ...files }, { [shop]: wider })
    const { code, log, summary } = await runAction(repository, github, { inputs })
    expect({ code, log }).toEqual({
      code: 1,
      log: '::error::not all expectations hold\n::error::what was rendered is not current\n::error::1 flow opens\n',
    })
    expect(summary).toContain(
      '**This fails the job:** not all expectations hold; what was rendered is not current; 1 flow opens',
    )
    expect(summary).toContain('```text\nexpectations.txt:1:1: does not hold: web -> db:3306 denied\n')
    expect(summary).toContain('`policies.yaml` is not what `tierwall render` prints')
  })

  test('is nothing where all holds', async () => {
    const github = await startGitHub()
    const rendered = await inFolder({ 'shop.yaml': threeTiers })(['render', '-f', 'shop.yaml'])
    const files = { [shop]: threeTiers, 'expectations.txt': expectations, 'policies.yaml': rendered.stdout }
    const job = await runAction(makeRepository(files, { 'README.md': 'a shop' }), github, { inputs })
    expect(job).toMatchObject({ code: 0, log: expect.stringContaining('there is nothing to say') })
  })

  test('is also what cannot be done', async () => {
    const github = await startGitHub()
    const repository = makeRepository({ [shop]: threeTiers }, { 'README.md': 'a shop' })
    const failing = async (wrong: Inputs) => {
      const { code, log } = await runAction(repository, github, { inputs: wrong })
      return `${code} ${log}`
    }
    expect(await failing({ command: '/nowhere/tierwall' })).toMatch(
      /^1 ::error::Tierwall did not answer: .*not found\n$/,
    )
    expect(await failing({ build: 'echo kustomize: no base >&2; exit 3' })).toBe(
      '1 ::error::the manifests cannot be built: kustomize: no base\n',
    )
    expect(await failing({ 'fail-on': 'errors, typo' })).toMatch(/^1 ::error::fail-on cannot be typo: write some of /)
    expect(await failing({ paths: 'nowhere' })).toMatch(/^1 ::error file=nowhere,line=1,/)
  })
})

describe('manifests that are built', () => {
  test('are built in both trees', async () => {
    const github = await startGitHub()
    const inputs = { build: 'cat parts/*.txt' }
    const repository = makeRepository({ 'parts/a.txt': threeTiers }, { 'parts/a.txt': wider })
    const { code, outputs } = await runAction(repository, github, { inputs })
    expect({ code, ...outputs }).toMatchObject({ code: 0, changes: '2', opened: '1' })
  })
})

describe('other events', () => {
  test('are compared with what was there before the push, in the summary alone', async () => {
    const github = await startGitHub()
    const repository = makeRepository({ [shop]: threeTiers }, { [shop]: wider })
    const { outputs } = await runAction(repository, github, { event: { before: repository.base } })
    expect({ ...outputs, asked: github.asked }).toMatchObject({ opened: '1', 'comment-url': '', asked: [] })
  })

  test('that have nothing before are linted', async () => {
    const github = await startGitHub()
    const { code, summary } = await runAction(makeRepository({ [shop]: wider }, {}), github, { event: {} })
    expect(code).toBe(0)
    expect(summary).toContain('> `this event has no base to compare with`')
  })
})
