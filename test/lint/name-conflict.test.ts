import { describe, expect, it } from 'vitest'
import { workload } from '../decide.ts'
import { findings, namespace, policy } from './findings.ts'

const lint = (text: string) => findings('name-conflict', text)
const web = workload('web', { tier: 'web' })
const closed = { podSelector: {} }

describe('name-conflict', () => {
  it('tells of a policy that has the name of a tier’s', () => {
    expect(lint(web + policy('tierwall-web', closed))).toEqual([
      'name-conflict at NetworkPolicy shop/tierwall-web metadata.name: Tierwall would write a policy of this name for Deployment shop/web, and leaves this one as it is => delete or rename it; or let the operator take it over with --adopt, where its spec is what Tierwall writes',
    ])
  })

  it('tells of a policy that has the name of a shared one', () => {
    expect(lint(web + policy('tierwall-default-deny', closed))).toEqual([
      'name-conflict at NetworkPolicy shop/tierwall-default-deny metadata.name: Tierwall would write a policy of this name for namespace shop, and leaves this one as it is => delete or rename it; or let the operator take it over with --adopt, where its spec is what Tierwall writes',
    ])
  })

  it('is silent about Tierwall’s own policies, other names and other namespaces', () => {
    const ours = { labels: { 'app.kubernetes.io/managed-by': 'tierwall' } }
    expect(lint(web + policy('tierwall-web', closed, ours))).toEqual([])
    expect(lint(web + policy('web', closed))).toEqual([])
    expect(lint(web + policy('tierwall-web', closed, { namespace: 'other' }))).toEqual([])
  })

  it('is silent where nothing is written', () => {
    const audited = namespace('shop', {}, { 'tierwall.dev/isolation': 'audit' })
    expect(lint(audited + web + policy('tierwall-web', closed))).toEqual([])
  })
})
