{{/* Name of the chart, and the value of the label `app` that tests, docs and selectors know. */}}
{{- define "provider.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "provider.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "provider.serviceAccountName" -}}
{{- default "csi-secrets-store-provider-azure" .Values.serviceAccount.name -}}
{{- end -}}

{{/* "true" for true and "true": older values files may hold the text. */}}
{{- define "provider.isTrue" -}}
{{- if eq (toString .) "true" -}}true{{- end -}}
{{- end -}}

{{/*
Labels of an object, as YAML. $ is the root, .labels those of the object itself. Ours win: selectors rely on `app`.
*/}}
{{- define "provider.labels" -}}
{{- $root := .root -}}
{{- $own := dict
  "app" (include "provider.name" $root)
  "app.kubernetes.io/name" (include "provider.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/managed-by" $root.Release.Service
  "app.kubernetes.io/version" $root.Chart.AppVersion
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_"))
-}}
{{- toYaml (merge $own (deepCopy (default dict .labels)) (deepCopy (default dict $root.Values.commonLabels))) -}}
{{- end -}}

{{/* Metadata of an object beside the DaemonSets: .name is what follows the full name. */}}
{{- define "provider.metadata" -}}
name: {{ include "provider.fullname" .root }}{{ with .name }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "provider.labels" (dict "root" .root "labels" .labels) | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Repository with the digest, or else the tag, or else the version. */}}
{{- define "provider.image" -}}
{{- $tag := default .version (toString (default "" .image.tag)) -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository $tag -}}
{{- end -}}
{{- end -}}

{{/* Name of the ConfigMap that holds the authorities; empty: none. */}}
{{- define "provider.caConfigMap" -}}
{{- if .Values.extraCABundle.pem -}}
{{- include "provider.fullname" . }}-ca-bundle
{{- else -}}
{{- .Values.extraCABundle.configMapName -}}
{{- end -}}
{{- end -}}

{{/* Whether an image is Microsoft's, also as a mirror has it: it has no /readyz. Takes the values of `linux`. */}}
{{- define "provider.isMicrosofts" -}}
{{- if hasSuffix "/azure/secrets-store/provider-azure" .image.repository -}}true{{- end -}}
{{- end -}}
