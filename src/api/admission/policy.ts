/** The shape of a ValidatingAdmissionPolicy and of the binding that puts it in force. */
import { text } from './cel.ts'

export interface Variable {
  readonly name: string
  readonly expression: string
}

export interface Validation {
  readonly expression: string
  readonly messageExpression: string
  /** Said where the expression cannot be told: it is too long, or does not fit into one line. */
  readonly message: string
  readonly reason: 'Invalid' | 'Forbidden'
}

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE')[]
  readonly resources: readonly string[]
}

export interface PolicySpec {
  readonly failurePolicy: 'Fail' | 'Ignore'
  readonly matchConstraints: { readonly resourceRules: readonly Rule[] }
  readonly matchConditions: readonly Variable[]
  readonly variables: readonly Variable[]
  readonly validations: readonly Validation[]
}

export interface BindingSpec {
  readonly policyName: string
  readonly validationActions: readonly ['Deny']
}

interface AdmissionObject<Kind extends string, Spec> {
  readonly apiVersion: 'admissionregistration.k8s.io/v1'
  readonly kind: Kind
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: Spec
}

export interface BoundPolicy {
  readonly policy: AdmissionObject<'ValidatingAdmissionPolicy', PolicySpec>
  readonly binding: AdmissionObject<'ValidatingAdmissionPolicyBinding', BindingSpec>
  /** For whoever reads the policy. */
  readonly because: PolicyReasons
}

interface PolicyReasons {
  readonly policy: string
  readonly failurePolicy: string
}

export function bindPolicy(name: string, spec: PolicySpec, because: PolicyReasons): BoundPolicy {
  const apiVersion = 'admissionregistration.k8s.io/v1'
  const metadata = { name, labels: { 'app.kubernetes.io/name': 'tierwall' } }
  return {
    policy: { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec },
    binding: {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
    because,
  }
}

/** No expression goes to the network, so what fails is the expression itself: too costly, or not known to this version. */
export const letPass =
  'Ignore: what cannot be evaluated is let pass. Nothing here needs the network, so that would be a mistake in this\npolicy, and no reason to stop a deployment: the operator reports what is wrong with an annotation all the same.'

/** One annotation's check: the variables that lead to its fault, and the validation that says it. */
export interface Check {
  readonly variables: readonly Variable[]
  readonly validation: Validation
}

/** `fault` is the name of the variable that holds the fault's text. */
export function refuseFault(fault: string, message: string): Validation {
  return {
    expression: `variables.${fault} == ${text('')}`,
    messageExpression: `variables.${fault}`,
    message,
    reason: 'Invalid',
  }
}
