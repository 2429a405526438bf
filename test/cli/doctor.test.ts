/** Doctor where there is no cluster to look at: one sentence says why, and soon. */
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Certificate, issueForServer, makeAuthority } from '../../src/controlplane/certificates.ts'
import { writeKubeconfig } from '../../src/controlplane/kubeconfig.ts'
import { inFolder, type Outcome } from './run.ts'

let authority: Certificate
let certificate: Certificate

beforeAll(async () => {
  authority = await makeAuthority()
  certificate = await issueForServer(authority)
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function serve(listener: RequestListener): Promise<number> {
  return listen(createHttpsServer({ cert: certificate.certificate, key: certificate.key }, listener))
}

const config = (port: number, ca = authority.certificate) =>
  writeKubeconfig({ url: `https://127.0.0.1:${port}`, ca }, { token: 'secret-token' })

/** As `kubectl config set-cluster` would change it. */
function withCluster(kubeconfig: string, fields: Readonly<Record<string, unknown>>): string {
  const read = parse(kubeconfig)
  read.clusters[0].cluster = { ...read.clusters[0].cluster, ...fields }
  return stringify(read)
}

async function runDoctor(kubeconfig: string, ...args: string[]): Promise<Outcome & { readonly seconds: number }> {
  const started = performance.now()
  const outcome = await inFolder({ config: kubeconfig })(['doctor', '--kubeconfig', 'config', ...args])
  return { ...outcome, seconds: (performance.now() - started) / 1_000 }
}

function expectTrouble(outcome: Outcome, line: RegExp): void {
  expect(outcome.stderr).toMatch(line)
  expect(outcome.stderr.trimEnd()).not.toContain('\n')
  expect(outcome.stderr).not.toContain('secret-token')
  expect(outcome).toMatchObject({ code: 1, stdout: '' })
}

const answer =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(body)
const status = (code: number, message: string) =>
  answer(code, JSON.stringify({ kind: 'Status', apiVersion: 'v1', code, message, reason: 'Some' }))

describe('doctor without a kubeconfig', () => {
  test('says which file to write', async () => {
    const run = inFolder({})
    const env = { KUBECONFIG: '', HOME: '/nonexistent' }
    expectTrouble(await run(['doctor'], { env }), /^error: no kubeconfig was found: set KUBECONFIG, or write ~\/.kube/)
    expectTrouble(
      await run(['doctor'], { env: { ...env, KUBECONFIG: 'none.yaml' } }),
      /^error: KUBECONFIG names no file that exists: none.yaml; name a file with --kubeconfig, or correct none.yaml$/m,
    )
    expectTrouble(
      await run(['doctor', '--kubeconfig', 'none'], { env }),
      /^error: the kubeconfig none cannot be read: /,
    )
  })

  test('says where the contexts are listed when one is not known', async () => {
    expectTrouble(
      await runDoctor(config(1), '--context', 'production'),
      /^error: the kubeconfig has no context 'production'; kubectl config get-contexts lists those of config$/m,
    )
  })

  test('says what a namespace can be', async () => {
    expectTrouble(await runDoctor(config(1), '-n', 'No_Such'), /^error: 'No_Such' cannot be a namespace; write /)
  })
})

describe('doctor where the API server does not answer', () => {
  test('says that it refuses connections, or that it says nothing, in less than ten seconds', async () => {
    const gone = createTcpServer()
    const port = await listen(gone)
    await new Promise(resolve => gone.close(resolve))
    const refused = await runDoctor(config(port))
    expectTrouble(
      refused,
      /^error: https:\/\/127.0.0.1:\d+\/ refuses connections; check that it runs, its address in config, and --context$/m,
    )
    const silent = await runDoctor(config(await listen(createTcpServer(() => {}))))
    expectTrouble(silent, /^error: https:\/\/127.0.0.1:\d+\/ gave no answer in time; check its address in config/)
    // A busy machine takes long to start either of them, which is not what is measured.
    expect(silent.seconds - refused.seconds).toBeLessThan(9)
    expect(refused.seconds).toBeLessThan(10)
  })

  test('says that a name is not known', async () => {
    const kubeconfig = withCluster(config(1), { server: 'https://nowhere.invalid' })
    expectTrouble(await runDoctor(kubeconfig), /^error: the name of https:\/\/nowhere.invalid\/ is not known; check it/)
  })
})

describe('doctor where the certificate is not right', () => {
  test('says whose authority is not the one that is expected', async () => {
    const other = await makeAuthority()
    const port = await serve(answer(200, '{}'))
    expectTrouble(
      await runDoctor(config(port, other.certificate)),
      /^error: the certificate of https:\/\/127.0.0.1:\d+\/ is not signed by the authority that is expected; correct/,
    )
  })

  test('says that it is for another name', async () => {
    const port = await serve(answer(200, '{}'))
    const kubeconfig = withCluster(config(port), { 'tls-server-name': 'other.example' })
    expectTrouble(await runDoctor(kubeconfig), /^error: the certificate of .* is for another name or address; correct/)
  })

  test('says which file it cannot read', async () => {
    const port = await serve(answer(200, '{}'))
    const fields = { 'certificate-authority': '/nonexistent/ca.crt', 'certificate-authority-data': undefined }
    expectTrouble(
      await runDoctor(withCluster(config(port), fields)),
      /^error: a file that config names cannot be read: .*\/nonexistent\/ca.crt.*; check its path and its rights$/m,
    )
  })

  test('says that there is no TLS', async () => {
    const port = await listen(createHttpServer(answer(200, '{}')))
    expectTrouble(await runDoctor(config(port)), /^error: no TLS connection to https:\/\/127.0.0.1:\d+\/ could be made/)
  })
})

describe('doctor where the answer is none that helps', () => {
  const anonymous = 'forbidden: User "system:anonymous" cannot get path "/version"'

  test.each([
    [401, 'Unauthorized', /does not accept who you are \(401\); log in again, or correct the user in config$/m],
    [403, anonymous, /does not accept who you are \(403\); log in again/],
    [503, 'etcd is away', /answers 503: etcd is away; try again/],
    [404, 'page not found', /^error: what answers at .* is no Kubernetes API server; check its address in config$/m],
  ])('tells what %d means', async (code, message, line) => {
    expectTrouble(await runDoctor(config(await serve(status(code, message)))), line)
  })

  test('tells a web page from an API server', async () => {
    const port = await serve(answer(200, '<html>please log in</html>'))
    expectTrouble(await runDoctor(config(port)), /^error: what answers at .* is no Kubernetes API server/)
  })
})
