# shellcheck shell=bash disable=SC2034 # the other files use the addresses
# One pair of virtual interfaces joins this machine and the node. The node has no default route, so that nothing in it
# gets beyond this machine. Every node of a machine has a number, and by it its addresses: three networks in
# $NODE_NETWORK (two octets, default 10.213), which are for the link, the pods and the services.

NODE_NETWORK=${NODE_NETWORK:-10.213}
LINK_PREFIX=azure-node

# use_addresses NUMBER: 0 to 63.
use_addresses() {
  local first=$(($1 * 4))
  HOST_LINK=$LINK_PREFIX$1
  HOST_IP=$NODE_NETWORK.$first.1
  NODE_IP=$NODE_NETWORK.$first.2
  POD_CIDR=$NODE_NETWORK.$((first + 1)).0/24
  SERVICE_CIDR=$NODE_NETWORK.$((first + 2)).0/24
  SERVICE_IP=$NODE_NETWORK.$((first + 2)).1
}

# are_taken NUMBER: this machine has a route or an address there.
are_taken() {
  local first=$(($1 * 4))
  { ip -4 -o route show table all && ip -4 -o address; } |
    grep -qE "[^0-9]${NODE_NETWORK//./\\.}\.($first|$((first + 1))|$((first + 2)))\."
}

# make_network: under the first number that is free. An interface's name exists once, so that of two nodes that start at
# once one gets the number, and the other the next; it goes when the node ends.
make_network() {
  local number
  for ((number = 0; number < 64; number++)); do
    ! are_taken "$number" || continue
    use_addresses "$number"
    ip link add "$HOST_LINK" type veth peer name eth0 netns "$(node_pid)" 2>"$STATE/log/network.log" || continue
    echo "$number" >"$STATE/number"
    ip address add "$HOST_IP/30" dev "$HOST_LINK"
    ip link set "$HOST_LINK" up
    inside ip link set lo up
    inside ip address add "$NODE_IP/30" dev eth0
    inside ip link set eth0 up
    inside sysctl -qw net.ipv4.ip_forward=1
    # kube-proxy turns a service's address into a pod's, but a program in the node's own network gets as far as that only
    # with a route for it.
    inside ip route add "$SERVICE_CIDR" dev eth0 src "$NODE_IP"
    ip route replace "$POD_CIDR" via "$NODE_IP"
    return
  done
  die "no network for the node below $NODE_NETWORK.0.0/16: $(cat "$STATE/log/network.log" 2>/dev/null)"
}

# make_resolver: the node's own names come from the cluster, as on a node whose pods use the host's network.
make_resolver() {
  # shellcheck disable=SC2016 # for the shell inside
  inside bash -euc 'rm -f /etc/resolv.conf; echo "nameserver $1" >/etc/resolv.conf' bash "$NODE_IP"
}
