{{/* What many objects have in common. Each takes the root: `include "tierwall.labels" $`. */}}

{{/* What says that an object is this release's. */}}
{{- define "tierwall.releaseLabels" -}}
{{- with .Values.labels }}{{ toYaml . }}
{{ end -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "tierwall.labels" -}}
{{ include "tierwall.releaseLabels" . }}
app.kubernetes.io/name: tierwall
{{- end }}

{{/* The whole field, in an object's metadata, where there are any. */}}
{{- define "tierwall.annotations" -}}
{{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}

{{/* What selects the operator's pods. It can't change while the Deployment is there. */}}
{{- define "tierwall.selector" -}}
app.kubernetes.io/name: tierwall
app.kubernetes.io/component: operator
{{- end }}
