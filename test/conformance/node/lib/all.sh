# shellcheck shell=bash
# All parts; reading them starts nothing.
lib=$(dirname "${BASH_SOURCE[0]}")
. "$lib/settings.sh"
. "$lib/packages.sh"
. "$lib/programs.sh"
. "$lib/oci-image.sh"
. "$lib/images.sh"
. "$lib/cgroups.sh"
. "$lib/processes.sh"
. "$lib/namespaces.sh"
. "$lib/network.sh"
. "$lib/keys.sh"
. "$lib/control-plane.sh"
. "$lib/container-runtime.sh"
. "$lib/kubelet.sh"
