# shellcheck shell=bash disable=SC2034 # the other files use the folders
# Debian's containerd, runc, CNI plugins, iptables and busybox: unpacked into the cache, not installed.

PACKAGE_NAMES="containerd runc containernetworking-plugins busybox-static iptables libip4tc2 libip6tc2 libxtables12
  libmnl0 libnftnl11 libnfnetlink0 libnetfilter-conntrack3 libseccomp2"
PACKAGES=$CACHE/packages-$(printf %s "$PACKAGE_NAMES" | sha256sum | cut -c1-8)
PACKAGE_LIBS=$PACKAGES/usr/lib/$(uname -m)-linux-gnu

fetch_packages() {
  [ ! -d "$PACKAGES" ] || return 0
  log "fetching Debian packages"
  local new package
  mkdir -p "$CACHE"
  new=$(mktemp -d "$PACKAGES.XXXXXX")
  mkdir "$new/debs"
  # shellcheck disable=SC2086 # one argument for each package
  download_into "$new/debs" $PACKAGE_NAMES
  for package in "$new"/debs/*.deb; do dpkg-deb --extract "$package" "$new"; done
  rm -r "$new/debs"
  # Another checkout may have been quicker; what it left is the same.
  mv -T "$new" "$PACKAGES" 2>/dev/null || rm -rf "$new"
}

# download_into FOLDER PACKAGE…: after one update of the lists, if they are missing or old.
download_into() {
  local folder=$1
  shift
  (
    cd "$folder"
    apt-get download -qq "$@" 2>/dev/null && exit
    apt-get update -qq >&2 && apt-get download -qq "$@" >&2
  ) || die "the Debian packages could not be had: $*"
}

# choose_iptables: the kernel may know the rules of iptables as nft or as of old; kube-proxy gets what works.
choose_iptables() {
  local variant name
  rm -rf "$STATE/iptables" && mkdir "$STATE/iptables"
  for variant in nft legacy; do
    for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
      ln -sf "$PACKAGES/usr/sbin/xtables-$variant-multi" "$STATE/iptables/$name"
    done
    ! iptables_work || return 0
  done
  die "neither kind of iptables works here; see $STATE/log/iptables.log"
}

# iptables_work: with all that kube-proxy and portmap match on.
iptables_work() {
  local rules
  rules="-A PROBE -m comment --comment probe -m addrtype --dst-type LOCAL -j MARK --set-mark 0x4000
-A PROBE -m conntrack --ctstate NEW -m statistic --mode random --probability 0.5 -j RETURN
-A PROBE -m mark --mark 0x4000/0x4000 -j MASQUERADE --random-fully
-A PROBE -p tcp -m tcp -j DNAT --to-destination 127.0.0.1:9"
  printf '*nat\n:PROBE - [0:0]\n%s\nCOMMIT\n*nat\n-F PROBE\n-X PROBE\nCOMMIT\n' "$rules" |
    inside env PATH="$(node_path)" LD_LIBRARY_PATH="$PACKAGE_LIBS" XTABLES_LIBDIR="$PACKAGE_LIBS/xtables" \
      iptables-restore --noflush 2>>"$STATE/log/iptables.log"
}

# node_path: PATH of what runs in the node.
node_path() { echo "$STATE/iptables:$PACKAGES/usr/sbin:$PACKAGES/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; }
