/** Keeps the credential that requests carry: fetched once however many ask, renewed before it expires. */
import { readFile } from 'node:fs/promises'
import { type Failure, messageOf } from '../failure.ts'
import type { Clock } from '../given.ts'
import { runPlugin } from './exec.ts'
import type { Target } from './target.ts'

export interface Credential {
  readonly headers: Readonly<Record<string, string>>
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
  /** Wall time. Nobody has to ask again before. */
  readonly expires: number | undefined
}

export type CredentialReply =
  | { readonly ok: true; readonly credential: Credential }
  | { readonly ok: false; readonly failure: Failure }

export interface Credentials {
  current(): CredentialReply | Promise<CredentialReply>
  /** The server answered 401 to this one. Says whether a second try with another is worth it. */
  refuse(credential: Credential): boolean
}

/** A kubelet renews a token file at 80 % of its life, which is ten minutes at least. client-go reads it as often. */
const fileLifetime = 60_000
/** Clocks differ and requests take time: so long before it expires a credential is fetched anew. */
const margin = 60_000
/** A server that refuses everybody must not make us run the plugin once per request. */
const youngest = 5_000
/** Nor must a plugin that fails. */
const pause = 1_000

export function keepCredentials(target: Target, clock: Clock): Credentials {
  let held: { readonly credential: Credential; readonly since: number } | undefined
  let refused = false
  let failed: { readonly reply: CredentialReply; readonly since: number } | undefined
  let fetching: Promise<CredentialReply> | undefined

  const fetchOnce = () => {
    if (failed !== undefined && clock.monotonic() - failed.since < pause) return failed.reply
    fetching ??= fetchAndHold().finally(() => {
      fetching = undefined
    })
    return fetching
  }
  const fetchAndHold = async (): Promise<CredentialReply> => {
    try {
      const credential = await fetchCredential(target, clock)
      held = { credential, since: clock.monotonic() }
      refused = false
      failed = undefined
      return { ok: true, credential }
    } catch (error) {
      const reply = { ok: false, failure: { kind: 'access', message: messageOf(error) } } as const
      failed = { reply, since: clock.monotonic() }
      return reply
    }
  }
  return {
    current() {
      if (held === undefined || refused) return fetchOnce()
      const { credential, since } = held
      const { expires = Number.POSITIVE_INFINITY } = credential
      if (clock.now() >= expires) return fetchOnce()
      // As long as the old one is good nobody waits for the new one.
      if (clock.now() >= expires - renewBefore(since, clock, expires)) fetchOnce()
      return { ok: true, credential }
    },
    refuse(credential) {
      if (!isRenewable(target) || held === undefined) return false
      if (held.credential !== credential) return true
      if (clock.monotonic() - held.since < youngest) return false
      refused = true
      return true
    },
  }
}

/** A credential that lives shorter than the margin would otherwise be fetched for every request. */
function renewBefore(since: number, clock: Clock, expires: number): number {
  const lifetime = expires - (clock.now() - (clock.monotonic() - since))
  return Math.min(margin, lifetime / 5)
}

function isRenewable({ identity: { by } }: Target): boolean {
  return by === 'exec' || by === 'token-file' || by === 'client-node'
}

async function fetchCredential(target: Target, clock: Clock): Promise<Credential> {
  const { headers, ...rest } = await fetchIdentity(target, clock)
  const { impersonate } = target
  return { headers: impersonate === undefined ? headers : { ...headers, 'impersonate-user': impersonate }, ...rest }
}

async function fetchIdentity(target: Target, clock: Clock): Promise<Credential> {
  const { identity } = target
  const forever = { certificate: undefined, expires: undefined }
  switch (identity.by) {
    case 'none':
      return { headers: {}, ...forever }
    case 'token':
      return { headers: bearer(identity.token), ...forever }
    case 'password': {
      const pair = Buffer.from(`${identity.user}:${identity.password}`).toString('base64')
      return { headers: { authorization: `Basic ${pair}` }, ...forever }
    }
    case 'token-file': {
      const token = (await readFile(identity.file, 'utf8')).trim()
      return { headers: bearer(token), certificate: undefined, expires: clock.now() + fileLifetime }
    }
    case 'exec': {
      const { token, certificate, expires } = await runPlugin(identity.plugin, target)
      return { headers: token === undefined ? {} : bearer(token), certificate, expires }
    }
    case 'client-node': {
      const options: { headers: Record<string, string> } = { headers: {} }
      await identity.config.applyToHTTPSOptions(options)
      const authorization = options.headers.Authorization
      return {
        headers: authorization === undefined ? {} : { authorization },
        certificate: undefined,
        expires: clock.now() + fileLifetime,
      }
    }
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
