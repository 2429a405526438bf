/** Facts in, findings out: the list of checks, in the order in which a person reads them. */
import { admission } from './checks/admission.ts'
import { apiServer, policyApi } from './checks/api-server.ts'
import { appTier } from './checks/apptier.ts'
import { configuration } from './checks/configuration.ts'
import { dns } from './checks/dns.ts'
import { isolation } from './checks/isolation.ts'
import { networkPlugin } from './checks/network-plugin.ts'
import { nodeDns } from './checks/node-dns.ts'
import { operator, policies, remains } from './checks/operator.ts'
import { nodeAddresses, podAddresses, portRanges } from './checks/policy-limits.ts'
import { leftovers, probe } from './checks/probe.ts'
import { operatorRights, ownRights } from './checks/rights.ts'
import type { Facts } from './facts.ts'
import type { Check, Finding } from './finding.ts'

const checks: readonly Check[] = [
  apiServer,
  policyApi,
  networkPlugin,
  probe,
  leftovers,
  portRanges,
  nodeAddresses,
  podAddresses,
  dns,
  nodeDns,
  appTier,
  admission,
  configuration,
  operator,
  operatorRights,
  ownRights,
  isolation,
  policies,
  remains,
]

export function diagnose(facts: Facts): readonly Finding[] {
  return checks.flatMap(({ name, judge }) => judge(facts).map(remark => ({ check: name, ...remark })))
}
