# shellcheck shell=bash
# Parts of the node: programs that run inside its namespaces, each in a cgroup and with a log file of its own name.

# program_of PID: the file that it runs.
program_of() { readlink "/proc/$1/exe" 2>/dev/null || true; }

# main_processes PART: without those that are only on the way into the namespaces, and what containerd leaves for pods.
main_processes() {
  local pid
  for pid in $(processes_of "$1"); do
    case $(program_of "$pid") in
      '' | */nsenter | */unshare | */containerd-shim*) ;;
      *) echo "$pid" ;;
    esac
  done
}
running() { [ -n "$(main_processes "$1")" ]; }

# start PART PROGRAM…: unless it runs.
start() {
  local part=$1
  shift
  ! running "$part" || return 0
  log "starting $part"
  mkdir -p "$STATE/log"
  (
    exec 9<&-
    join_cgroup "$part"
    exec setsid nsenter --target "$(node_pid)" --mount --net --pid --uts --ipc -- \
      env -i HOME=/root PATH="$(node_path)" LD_LIBRARY_PATH="$PACKAGE_LIBS" XTABLES_LIBDIR="$PACKAGE_LIBS/xtables" \
      "$@" </dev/null >>"$STATE/log/$part.log" 2>&1
  ) &
}

# stop PART: as a service manager does; pods live on without any of them.
stop() {
  local pid n
  for n in $(seq 100); do
    running "$1" || return 0
    for pid in $(main_processes "$1"); do
      if [ "$n" -le 50 ]; then kill "$pid" 2>/dev/null || true; else kill -9 "$pid" 2>/dev/null || true; fi
    done
    sleep 0.1
  done
  die "$1 does not end"
}

# start_with FILE PART PROGRAM…: the configuration comes on standard input; a changed one restarts the part.
start_with() {
  local file=$1 part=$2
  shift 2
  cat >"$file.new"
  if cmp -s "$file.new" "$file"; then rm "$file.new"; else
    mv "$file.new" "$file"
    stop "$part"
  fi
  start "$part" "$@"
}

# wait_for SECONDS PART COMMAND…: until the command goes well; with the end of the part's log if it never does.
wait_for() {
  local seconds=$1 part=$2 n
  shift 2
  for ((n = 0; n < seconds * 5; n++)); do
    ! "$@" >/dev/null 2>&1 || return 0
    # It needs a moment to be there at all.
    [ "$n" -lt 25 ] || running "$part" || break
    sleep 0.2
  done
  tail -n 15 "$STATE/log/$part.log" >&2 || true
  die "$part does not serve ($*); its log is $STATE/log/$part.log"
}
