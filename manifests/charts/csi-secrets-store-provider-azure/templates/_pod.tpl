{{/* Where the probes ask: a listener with an address of its own is not found at the pod's. */}}
{{- define "provider.probeTarget" -}}
port: {{ .healthzPort }}
{{- if not (has (default "" .healthzBindAddress) (list "" "0.0.0.0" "::")) }}
host: {{ .healthzBindAddress | quote }}
{{- end }}
{{- end -}}

{{- define "provider.dnsPolicy" -}}
{{- if and (not .hostNetwork) (eq (default "" .dnsPolicy) "ClusterFirstWithHostNet") -}}
ClusterFirst
{{- else -}}
{{- .dnsPolicy -}}
{{- end -}}
{{- end -}}

{{/* OpenShift: whether a SecurityContextConstraints of its own comes with the pods. */}}
{{- define "provider.makesConstraints" -}}
{{- if include "provider.isTrue" .Values.linux.enabled -}}
{{- include "provider.isTrue" (dig "openshift" "securityContextConstraints" "create" false .Values.linux) -}}
{{- end -}}
{{- end -}}

{{/* With such constraints the pod has the type that SELinux lets use the host's folder, unless another is given. */}}
{{- define "provider.podSecurityContext" -}}
{{- $context := deepCopy (default dict .Values.linux.podSecurityContext) -}}
{{- if include "provider.makesConstraints" . -}}
{{- $context = merge $context (dict "seLinuxOptions" (dict "type" "spc_t")) -}}
{{- end -}}
{{- with $context }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "provider.podAnnotations" -}}
{{- $annotations := deepCopy (default dict .Values.linux.podAnnotations) -}}
{{- if include "provider.makesConstraints" . -}}
{{- $annotations = merge (dict "openshift.io/required-scc" (include "provider.fullname" .)) $annotations -}}
{{- end -}}
{{- with $annotations }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/* Kubernetes refuses a privileged container that may not gain privileges. */}}
{{- define "provider.securityContext" -}}
{{- $context := default dict .securityContext -}}
{{- if include "provider.isTrue" .privileged -}}
{{- $context = merge (dict "privileged" true) (omit $context "allowPrivilegeEscalation") -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{- define "provider.env" -}}
{{- $env := list -}}
{{- if .Values.cloudEnvironment -}}
{{- $env = append $env (dict "name" "AZURE_ENVIRONMENT_FILEPATH" "value" "/etc/azure-cloud/environment.json") -}}
{{- end -}}
{{- if or (include "provider.caConfigMap" .) .Values.extraCABundle.secretName -}}
{{- $env = append $env (dict "name" "NODE_EXTRA_CA_CERTS" "value" "/etc/extra-ca/ca.crt") -}}
{{- end -}}
{{- with concat $env (default list .Values.linux.env) -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{- define "provider.volumeMounts" -}}
- name: provider-vol
  mountPath: /provider
{{- if not .Values.linux.automountServiceAccountToken }}
- name: cluster-ca
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end }}
{{- if .Values.cloudEnvironment }}
- name: cloud-environment
  mountPath: /etc/azure-cloud
  readOnly: true
{{- end }}
{{- if or (include "provider.caConfigMap" .) .Values.extraCABundle.secretName }}
- name: extra-ca
  mountPath: /etc/extra-ca
  readOnly: true
{{- end }}
{{- with .Values.linux.volumeMounts }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}

{{- define "provider.volumes" -}}
{{- $bundle := .Values.extraCABundle -}}
- name: provider-vol
  hostPath:
    path: {{ .Values.linux.providersDir }}
{{- if not .Values.linux.automountServiceAccountToken }}
# Identity binding trusts the cluster's authority; it needs no token of the pod's own.
- name: cluster-ca
  configMap:
    name: kube-root-ca.crt
    optional: true
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- if .Values.cloudEnvironment }}
- name: cloud-environment
  configMap:
    name: {{ include "provider.fullname" . }}-cloud-environment
{{- end }}
{{- with include "provider.caConfigMap" . }}
- name: extra-ca
  configMap:
    name: {{ . }}
    items:
      - key: {{ $bundle.key }}
        path: ca.crt
{{- end }}
{{- with $bundle.secretName }}
- name: extra-ca
  secret:
    secretName: {{ . }}
    items:
      - key: {{ $bundle.key }}
        path: ca.crt
{{- end }}
{{- with .Values.linux.volumes }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}
