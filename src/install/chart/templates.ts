/** The templates of the chart that repeat nothing: what config/ has is written again, with the release's namespace and labels. */
import { type BoundPolicy, makeAnnotationPolicies, makeReservedPolicies } from '../../api/admission/index.ts'
import { makeCustomResourceDefinition } from '../../api/crd.ts'
import { listAdmission } from '../admission.ts'
import { type Manifest, writeDocuments } from '../manifest.ts'
import { operatorName, operatorNamespace } from '../names.ts'
import { makeDnsRbac, makeEventsRbac, makeEverywhereRbac, makeFixedRbac, makeNamespaceRbac } from '../rbac.ts'

const head = '{{- /* Written by npm run generate. */ -}}\n'
const own = '{{ $.Release.Namespace }}'

export function writeRbacTemplate(): string {
  const dnsPlace = "Where the cluster's DNS is, and where the configuration says that it is."
  return [
    head,
    '{{- if .Values.namespaces }}\n',
    '{{- range $namespace := .Values.namespaces }}\n',
    writeTemplates(makeNamespaceRbac(own, { namespace: '{{ $namespace }}' })),
    '{{- end }}\n',
    writeTemplates(makeEventsRbac(own)),
    '{{- else }}\n',
    writeTemplates(makeEverywhereRbac(own)),
    '{{- end }}\n',
    '{{- range $namespace := include "tierwall.dnsNamespaces" . | splitList "," }}\n',
    writeTemplates(makeDnsRbac(own, '{{ $namespace }}', dnsPlace)),
    '{{- end }}\n',
    writeTemplates(makeFixedRbac(own)),
  ].join('')
}

/** As a template, unlike Helm's own crds folder, it is upgraded; it stays when the release goes, and all AppTiers with it. */
export function writeDefinitionTemplate(): string {
  const text = escapeActions(writeDocuments([{ object: { ...makeCustomResourceDefinition() } }]))
  return `${head}{{- if .Values.crds.install }}\n${text.replace(/^metadata:\n/m, definitionMetadata)}{{- end }}\n`
}

const definitionMetadata = `metadata:
  annotations:
    helm.sh/resource-policy: keep
    {{- with $.Values.annotations }}{{ toYaml . | nindent 4 }}{{ end }}
  labels:
    {{- include "tierwall.releaseLabels" $ | nindent 4 }}
`

export function writeAnnotationsTemplate(): string {
  return writeAdmission('include "tierwall.refusesAnnotations" .', makeAnnotationPolicies())
}

export function writeReservedTemplate(): string {
  return writeAdmission('.Values.admission.reserved', makeReservedPolicies())
}

function writeAdmission(condition: string, policies: readonly BoundPolicy[]): string {
  const manifests = listAdmission(policies).map(({ object, comments = [] }) => ({
    object,
    // Their first comments speak to whoever edits config/.
    comments: comments.filter(({ path }) => path.length > 0),
  }))
  const account = (namespace: string) => `system:serviceaccount:${namespace}:${operatorName}`
  const written = writeTemplates(manifests).replaceAll(account(operatorNamespace), account(own))
  return `${head}{{- if ${condition} }}\n${written}{{- end }}\n`
}

const label = '    app.kubernetes.io/name: tierwall\n'

/** What is of the release takes the place of the one label that all of these have. */
function writeTemplates(manifests: readonly Manifest[]): string {
  const text = writeDocuments(manifests)
  return escapeActions(text)
    .replaceAll(`  labels:\n${label}`, `  {{- include "tierwall.annotations" $ }}\n  labels:\n${label}`)
    .replaceAll(label, '    {{- include "tierwall.labels" $ | nindent 4 }}\n')
}

const placeholders = /\{\{(?! \$\.?[A-Za-z.]+ \}\})/g

/** What would begin an action of a template and is none of ours. */
function escapeActions(text: string): string {
  return text.replaceAll(placeholders, '{{ "{{" }}')
}
