{{/* What follows from several values together. */}}

{{- define "tierwall.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "tierwall.isolation" -}}
{{- $said := get .Values.configuration "isolation" -}}
{{- if .Values.auditOnly }}audit{{ else if kindIs "bool" $said }}off{{ else }}{{ $said | default "enforce" }}{{ end }}
{{- end }}

{{/* The configuration file. */}}
{{- define "tierwall.configuration" -}}
{{- $head := dict "apiVersion" "tierwall.dev/v1alpha1" "kind" "Configuration" "isolation" (include "tierwall.isolation" .) }}
{{- toYaml (mergeOverwrite (deepCopy .Values.configuration) $head) }}
{{- end }}

{{/* Where the cluster's DNS may be, with commas between them. */}}
{{- define "tierwall.dnsNamespaces" -}}
{{- $all := list "kube-system" }}
{{- range ((.Values.configuration).dns).services }}{{ $all = append $all .namespace }}{{ end }}
{{- $all | uniq | sortAlpha | join "," }}
{{- end }}

{{/* Empty for no. Kubernetes 1.31 is the first that knows the functions in these policies. */}}
{{- define "tierwall.refusesAnnotations" -}}
{{- if kindIs "bool" .Values.admission.annotations }}
{{- if .Values.admission.annotations }}yes{{ end }}
{{- else if and (not .Values.namespaces) (semverCompare ">=1.31.0-0" .Capabilities.KubeVersion.Version) }}yes{{ end }}
{{- end }}

{{/* Values that contradict each other or the place: better nothing than half of it. */}}
{{- define "tierwall.check" -}}
{{- $isolation := get .Values.configuration "isolation" }}
{{- if and .Values.auditOnly (hasKey .Values.configuration "isolation") (ne (toString $isolation) "audit") }}
{{- fail (printf "auditOnly is true, and configuration.isolation is %v: take one of them away" $isolation) }}
{{- end }}
{{- $shared := list "default" "kube-system" "kube-public" "kube-node-lease" }}
{{- if and (has .Release.Namespace $shared) .Values.networkPolicy.enabled .Values.networkPolicy.defaultDeny }}
{{- fail (printf "networkPolicy.defaultDeny would shut every pod of %s: give Tierwall a namespace of its own (--namespace tierwall-system --create-namespace), or set networkPolicy.defaultDeny=false" .Release.Namespace) }}
{{- end }}
{{- if has .Release.Namespace .Values.namespaces }}
{{- fail (printf "namespaces has %s, which is the operator's own: Tierwall writes nothing there; take it away" .Release.Namespace) }}
{{- end }}
{{- end }}
