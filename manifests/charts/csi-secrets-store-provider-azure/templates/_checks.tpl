{{/*
What cannot work is refused here, in words: the schema sees one value at a time. Helm renders in no order that could be
relied on, so every template with values that the old chart did not have begins with it.
*/}}
{{- define "provider.checks" -}}
{{- if not (hasKey .Values "extraCABundle") -}}
{{- fail "the values of this release are those of another chart or version (--reuse-values): use --reset-then-reuse-values, which keeps what you have set" -}}
{{- end -}}

{{- $bundle := .Values.extraCABundle -}}
{{- $bundles := list $bundle.pem $bundle.configMapName $bundle.secretName | compact -}}
{{- if gt (len $bundles) 1 -}}
{{- fail "extraCABundle takes one of pem, configMapName and secretName" -}}
{{- end -}}
{{- range .Values.linux.env -}}
{{- if and (eq .name "NODE_EXTRA_CA_CERTS") $bundles -}}
{{- fail "linux.env and extraCABundle both set NODE_EXTRA_CA_CERTS" -}}
{{- end -}}
{{- if and (eq .name "AZURE_ENVIRONMENT_FILEPATH") $.Values.cloudEnvironment -}}
{{- fail "linux.env and cloudEnvironment both set AZURE_ENVIRONMENT_FILEPATH" -}}
{{- end -}}
{{- end -}}

{{- if not .Values.linux.hostNetwork -}}
{{- if not (has (default "" .Values.linux.healthzBindAddress) (list "" "0.0.0.0" "::")) -}}
{{- fail "linux.healthzBindAddress: without linux.hostNetwork kubelet reaches the pod by the pod's address, so the health checks must listen on all" -}}
{{- end -}}
{{- else if .Values.networkPolicy.enabled -}}
{{- fail "networkPolicy.enabled has no effect on pods of the node's network: set linux.hostNetwork=false too" -}}
{{- end -}}

{{- if and (include "provider.makesConstraints" .) (include "provider.isTrue" .Values.linux.privileged) -}}
{{- fail "linux.openshift.securityContextConstraints allows no privileged container: set linux.privileged=false" -}}
{{- end -}}

{{- $rolling := default dict (default dict .Values.linux.updateStrategy).rollingUpdate -}}
{{- if and $rolling.maxSurge (ne (toString $rolling.maxSurge) "0%") -}}
{{- if .Values.linux.hostNetwork -}}
{{- fail "linux.updateStrategy: with linux.hostNetwork two pods cannot have the same ports of a node, so maxSurge never gets one" -}}
{{- else if .Values.linux.readinessProbe.enabled -}}
{{- fail "linux.updateStrategy: a new provider is ready once the old one has left the socket, and with maxSurge the old one leaves once the new one is ready: set linux.readinessProbe.enabled=false, or use maxUnavailable" -}}
{{- end -}}
{{- end -}}
{{- end -}}
