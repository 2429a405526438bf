/** One comment on a pull request: found by its marker and its author, written over, or made. */
import { setTimeout as sleep } from 'node:timers/promises'

/** 3,000 comments. */
const mostPages = 30
const tries = 3
const patience = 20_000

/**
 * @param isWorthy whether there is enough to say for a comment that is not there yet
 * @returns its address, or why there is none
 */
export async function putComment({ api, repository, token, author }, number, { marker, body, isWorthy }) {
  if (!token) return { missing: 'there is no token' }
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return { missing: 'the repository is unknown' }
  const comments = `${api}/repos/${repository}/issues/${number}/comments`
  const ask = (method, url, content) => request(method, url, token, content)
  try {
    const own = await findOwn(ask, comments, { marker, author })
    if (own?.body === body) return { url: own.html_url }
    if (own === undefined && !isWorthy) return { missing: 'there is nothing to say' }
    const url = own ? `${api}/repos/${repository}/issues/comments/${own.id}` : comments
    const { json } = await ask(own ? 'PATCH' : 'POST', url, { body })
    return { url: json.html_url }
  } catch (error) {
    return { missing: error.message }
  }
}

/** Anybody can copy the marker, so the author counts as well. */
async function findOwn(ask, comments, { marker, author }) {
  let url = `${comments}?per_page=100`
  for (let page = 0; page < mostPages && url !== undefined; page++) {
    const { json, next } = await ask('GET', url)
    const own = json.find(({ user, body }) => user?.login === author && body?.startsWith(`<!-- ${marker} -->`))
    if (own) return own
    url = next
  }
  return undefined
}

async function request(method, url, token, content) {
  for (let attempt = 1; ; attempt++) {
    const response = await send(method, url, token, content)
    if (response?.ok) return { json: await response.json(), next: nextOf(response, url) }
    // A comment that was perhaps written must not be written twice.
    const isPassing = method !== 'POST' && (response === undefined || response.status >= 500)
    if (!isPassing || attempt === tries) throw new Error(explain(method, response))
    await sleep(attempt * 500)
  }
}

async function send(method, url, token, content) {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'tierwall-action',
    'x-github-api-version': '2022-11-28',
  }
  const body = content === undefined ? undefined : JSON.stringify(content)
  const signal = AbortSignal.timeout(patience)
  return fetch(url, { method, headers, body, signal, redirect: 'error' }).catch(() => undefined)
}

/** Only on the server that was asked first: the token goes along. */
function nextOf(response, from) {
  const [, url] = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '') ?? []
  return url !== undefined && URL.canParse(url) && new URL(url).origin === new URL(from).origin ? url : undefined
}

function explain(method, response) {
  if (response === undefined) return 'GitHub does not answer'
  const what = method === 'GET' ? 'read comments' : 'write comments'
  if (response.status === 403 || response.status === 404)
    return `the token may not ${what} here (${response.status}), as that of a pull request from a fork`
  return `GitHub answers ${response.status} where it is asked to ${what}`
}
