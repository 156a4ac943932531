{{/*
Flags that Microsoft's provider and this one both know. .os is the block of values, .endpoint where the socket is.
What the program does by default is left to it, but for what the old chart always wrote.
*/}}
{{- define "provider.sharedArgs" -}}
{{- $values := .root.Values -}}
- --endpoint={{ .endpoint }}
{{- if include "provider.isTrue" $values.logFormatJSON }}
- --log-format-json=true
{{- end }}
{{- if ne (toString $values.logVerbosity) "0" }}
- -v={{ $values.logVerbosity }}
{{- end }}
- --construct-pem-chain={{ $values.constructPEMChain }}
{{- if include "provider.isTrue" $values.writeCertAndKeyInSeparateFiles }}
- --write-cert-and-key-in-separate-files=true
{{- end }}
{{- with $values.cloudName }}
- --cloud-name={{ . }}
{{- end }}
{{- with $values.tokenProxyURL }}
- --token-proxy-url={{ . }}
{{- end }}
{{- with $values.sniName }}
- --sni-name={{ . }}
{{- end }}
{{- with .os.customUserAgent }}
- {{ printf "--custom-user-agent=%s" . | quote }}
{{- end }}
- --healthz-port={{ .os.healthzPort }}
- --healthz-path={{ .os.healthzPath }}
- --healthz-timeout={{ .os.healthzTimeout }}
{{- if ne (toString $values.metricsAddr) "8898" }}
- --prometheus-port={{ $values.metricsAddr }}
{{- end }}
{{- if include "provider.isTrue" $values.enablePprof }}
- --enable-pprof=true
- --pprof-port={{ $values.pprofPort }}
{{- end }}
{{- end -}}

{{/* Flags that this provider alone knows. */}}
{{- define "provider.ownArgs" -}}
{{- with .Values.defaultTenantID }}
- --default-tenant-id={{ . }}
{{- end }}
{{- with .Values.defaultClientID }}
- --default-client-id={{ . }}
{{- end }}
{{- with .Values.objectCacheTTL }}
- --object-cache-ttl={{ . }}
{{- end }}
{{- if ne (toString .Values.vaultMaxRequestsPerSecond) "0" }}
- --vault-max-requests-per-second={{ .Values.vaultMaxRequestsPerSecond }}
{{- end }}
{{- with .Values.serveStaleDuringOutage }}
- --serve-stale-during-outage={{ . }}
{{- end }}
{{- with .Values.linux.healthzBindAddress }}
- {{ printf "--healthz-bind-address=%s" . | quote }}
{{- end }}
{{- with .Values.linux.metricsBindAddress }}
- {{ printf "--metrics-bind-address=%s" . | quote }}
{{- end }}
{{- with .Values.linux.extraArgs }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}
