/** The alerts as a template. */
import { makeDocument, printDocument } from '../manifest.ts'

/** Prometheus' own templates begin as Helm's do. */
export function writeRulesTemplate(spec: Readonly<Record<string, unknown>>): string {
  const alerts = printDocument(makeDocument({ spec })).replaceAll('{{', '{{ "{{" }}')
  return `{{- /* Written by npm run generate. */ -}}
{{- if .Values.prometheusRule.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: tierwall
  namespace: {{ .Release.Namespace | quote }}
  {{- include "tierwall.annotations" . }}
  labels:
    {{- include "tierwall.labels" . | nindent 4 }}
    {{- with .Values.prometheusRule.labels }}{{ toYaml . | nindent 4 }}{{ end }}
${alerts}{{- end }}
`
}
