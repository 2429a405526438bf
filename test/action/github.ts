/** GitHub's API of comments on a pull request, as it is documented: pages, who wrote what, and tokens that may not write. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

export interface Comment {
  readonly id: number
  readonly user: { readonly login: string }
  readonly body: string
}

export interface GitHub {
  readonly url: string
  readonly comments: Comment[]
  /** `GET /repos/…` in the order in which they came. */
  readonly asked: string[]
  /** What requests are answered with in place of an answer, the first first. */
  readonly faults: number[]
}

export const robot = 'github-actions[bot]'
export const token = 'ghs_aVerySecretToken'

const longestBody = 65_536
const sent = z.object({ body: z.string() })

/** `mayWrite`: not so for a pull request from a fork. */
export async function startGitHub({ mayWrite = true } = {}): Promise<GitHub> {
  const github = { comments: [] as Comment[], asked: [] as string[], faults: [] as number[] }
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const reply = (status: number, json: unknown, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
    const { method = '', url = '', headers } = request
    const content = await text(request)
    github.asked.push(`${method} ${url}`)
    const fault = github.faults.shift()
    if (fault !== undefined) return reply(fault, { message: 'Server Error' })
    if (headers.authorization !== `Bearer ${token}`) return reply(401, { message: 'Bad credentials' })
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    if (method === 'GET') return list(pathname, searchParams, reply)
    if (!mayWrite) return reply(403, { message: 'Resource not accessible by integration' })
    const { body } = sent.parse(JSON.parse(content))
    if (body.length > longestBody) return reply(422, { message: 'Validation Failed' })
    return method === 'POST' ? create(body, reply) : update(pathname, body, reply)
  }
  type Reply = (status: number, json: unknown, headers?: object) => unknown
  const list = (path: string, query: URLSearchParams, reply: Reply) => {
    if (path !== '/repos/acme/shop/issues/7/comments') return reply(404, { message: 'Not Found' })
    const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)]
    const next = `<${address()}${path}?per_page=${size}&page=${page + 1}>; rel="next"`
    const link = page * size < github.comments.length ? { link: next } : {}
    return reply(200, github.comments.slice((page - 1) * size, page * size).map(withAddress), link)
  }
  const create = (body: string, reply: Reply) => {
    const comment = { id: 1000 + github.comments.length, user: { login: robot }, body }
    github.comments.push(comment)
    return reply(201, withAddress(comment))
  }
  const update = (path: string, body: string, reply: Reply) => {
    const at = github.comments.findIndex(({ id }) => path === `/repos/acme/shop/issues/comments/${id}`)
    const comment = github.comments[at]
    if (comment === undefined) return reply(404, { message: 'Not Found' })
    github.comments[at] = { ...comment, body }
    return reply(200, withAddress({ ...comment, body }))
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = () => {
    const at = server.address()
    return `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`
  }
  return { ...github, url: address() }
}

const withAddress = (comment: Comment) => ({
  ...comment,
  html_url: `https://github.com/acme/shop/pull/7#issuecomment-${comment.id}`,
})
