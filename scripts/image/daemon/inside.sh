# The first process of the namespaces: starts a Docker daemon that is for one command, then runs that command to its end.
# Containers have no network but the host's own, which is this namespace's loopback, so that no rule is written anywhere.
# usage: sh inside.sh FOLDER CGROUP COMMAND...
set -eu
folder=$1 cgroup=$2
shift 2

ip link set lo up
export DOCKER_HOST="unix://$folder/docker.sock" DOCKER_CONFIG="$folder" TIERWALL_DAEMON=own
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/docker.pid" \
  --bridge=none --iptables=false --ip6tables=false --ip-forward=false \
  --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$cgroup" > "$folder/docker.log" 2>&1 &
tries=0
until docker info > /dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 120 ]; then
    tail -n 5 "$folder/docker.log" >&2
    echo 'dockerd did not start' >&2
    exit 1
  fi
  sleep 0.5
done

"$@" &
wait "$!"
