{{/* What is printed after an installation: what to do next, and what the values ask for that does not come. */}}
{{- define "provider.notes" -}}
{{- include "provider.checks" . -}}
{{- $namespace := .Release.Namespace -}}
{{- $name := include "provider.fullname" . -}}
{{- if include "provider.isTrue" .Values.linux.enabled -}}
The Azure Key Vault provider {{ .Chart.AppVersion }} is being started on every Linux node. Wait until it is ready:

  kubectl rollout status --namespace {{ $namespace }} daemonset/{{ $name }}
{{- else -}}
No provider for Linux nodes was asked for (linux.enabled).
{{- end }}
{{- if not (index .Values "secrets-store-csi-driver").install }}

The driver was not installed by this chart. Workload identity and identity binding need tokens from it; see whether it asks
for the audiences api://AzureADTokenExchange and api://AKSIdentityBinding:

  kubectl get csidriver secrets-store.csi.k8s.io --output jsonpath='{.spec.tokenRequests}'
{{- end }}

Then make a SecretProviderClass with `provider: {{ .Values.linux.providerName }}`, and a pod that mounts it. When a pod does not start, its events say
why, and the provider's log too:

  kubectl logs --namespace {{ $namespace }} --selector app={{ include "provider.name" . }} --tail 50
{{- with include "provider.warnings" . | trim }}

{{ . }}
{{- end }}
{{- end -}}

{{- define "provider.warnings" -}}
{{- $linux := .Values.linux -}}
{{- $driver := index .Values "secrets-store-csi-driver" -}}
{{- if include "provider.isTrue" $linux.enabled -}}
{{- if include "provider.isMicrosofts" $linux }}
WARNING: linux.image.repository is Microsoft's image, so the nodes go on running Microsoft's provider, without a readiness
probe because it has no /readyz. It refuses the flags that only this provider has. To switch: set linux.image.repository to
an image of this project, and linux.image.tag to its tag or to nothing.
{{- else if not (regexMatch "^(localhost|[^/]*[.:][^/]*)/" $linux.image.repository) }}
WARNING: linux.image.repository "{{ $linux.image.repository }}" names no registry: nodes that do not have the image look for it at
their runtime's default one.
{{- end }}
{{- if and (not (include "provider.isMicrosofts" $linux)) (regexMatch "^v1[.][0-9]+[.][0-9]+$" (toString $linux.image.tag)) (not $linux.image.digest) }}
WARNING: linux.image.tag "{{ $linux.image.tag }}" looks like one of Microsoft's image: take it out, unless your registry has this
project's image under it.
{{- end }}
{{- $isAllowed := or (include "provider.makesConstraints" .) (include "provider.isTrue" $linux.privileged) }}
{{- if and (.Capabilities.APIVersions.Has "security.openshift.io/v1") (not $isAllowed) }}
WARNING: this is OpenShift, which lets the pods use the host's folder only by a SecurityContextConstraints: have one made with
linux.openshift.securityContextConstraints.create=true
{{- end }}
{{- end }}
{{- with include "provider.notHardened" . | fromJsonArray }}
WARNING: less hardened than this chart is by itself: {{ join ", " . }}.
{{- end }}
{{- if include "provider.isTrue" .Values.windows.enabled }}
NOTE: on Windows nodes runs Microsoft's provider ({{ include "provider.image" (dict "image" .Values.windows.image "version" "v1.8.2") }}),
with the flags that it knows. What is new in this chart counts for Linux nodes only.
{{- end }}
{{- range $os := list "linux" "windows" }}
{{- $own := index $.Values $os }}
{{- $drivers := default dict (index $driver $os) }}
{{- if and $driver.install (include "provider.isTrue" $own.enabled) }}
{{- range $folder := list "kubeletRootDir" "providersDir" }}
{{- with get $drivers $folder }}
{{- if ne (. | replace `\\` `\`) (get $own $folder | toString | replace `\\` `\`) }}
WARNING: {{ $os }}.{{ $folder }} is {{ get $own $folder }}, but the driver is given {{ . }}
(secrets-store-csi-driver.{{ $os }}.{{ $folder }}): they must be the same.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if not (and (include "provider.isTrue" .Values.rbac.install) .Values.serviceAccount.create) }}
NOTE: none is made here, so the service account {{ include "provider.serviceAccountName" . }} must exist already.
{{- end }}
{{- if include "provider.isTrue" .Values.rbac.pspEnabled }}
WARNING: rbac.pspEnabled has no effect: Kubernetes has no pod security policies since 1.25.
{{- end }}
{{- $arc := list "Azure" "arc" "promMdmConverter" "mdm" "msiAdapter" "telegraf" "amacoreagent" "fluentd" }}
{{- $given := list }}
{{- if include "provider.isTrue" .Values.enableArcExtension }}
{{- $given = append $given "enableArcExtension" }}
{{- end }}
{{- range $arc }}
{{- if hasKey $.Values . }}
{{- $given = append $given . }}
{{- end }}
{{- end }}
{{- with $given }}
WARNING: without effect, because the extension for Azure Arc is Microsoft's: {{ join ", " . }}.
A proxy is given by linux.env, its certificate authority by extraCABundle.
{{- end }}
{{- $unknown := list }}
{{- range $block, $known := .Files.Get "files/known-values.json" | fromJson }}
{{- $values := $.Values }}
{{- range (eq $block "" | ternary list (splitList "." $block)) }}
{{- $values = default dict (index $values .) }}
{{- end }}
{{- range $key, $_ := $values }}
{{- if not (has $key (concat $known (eq $block "" | ternary (append $arc "global") list))) }}
{{- $unknown = append $unknown (trimPrefix "." (printf "%s.%s" $block $key)) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $unknown }}
WARNING: this chart does not know, and ignored: {{ join ", " . }}.
{{- end }}
{{- end -}}

{{/* The values that give the Linux pods more than they need, as a JSON list. */}}
{{- define "provider.notHardened" -}}
{{- $linux := .Values.linux -}}
{{- $found := list -}}
{{- if include "provider.isTrue" $linux.enabled -}}
{{- $container := default dict $linux.securityContext -}}
{{- if or $container.privileged (include "provider.isTrue" $linux.privileged) -}}
{{- $found = append $found "linux.privileged" -}}
{{- end -}}
{{- if ne (toString $container.allowPrivilegeEscalation) "false" -}}
{{- $found = append $found "linux.securityContext.allowPrivilegeEscalation" -}}
{{- end -}}
{{- if ne (toString $container.readOnlyRootFilesystem) "true" -}}
{{- $found = append $found "linux.securityContext.readOnlyRootFilesystem" -}}
{{- end -}}
{{- $capabilities := default dict $container.capabilities -}}
{{- if or (not (has "ALL" (default list $capabilities.drop))) $capabilities.add -}}
{{- $found = append $found "linux.securityContext.capabilities" -}}
{{- end -}}
{{- $profiles := list (default dict (default dict $linux.podSecurityContext).seccompProfile).type -}}
{{- with $container.seccompProfile }}{{ $profiles = list .type }}{{ end -}}
{{- if not (has (first $profiles) (list "RuntimeDefault" "Localhost")) -}}
{{- $found = append $found "linux.podSecurityContext.seccompProfile" -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
