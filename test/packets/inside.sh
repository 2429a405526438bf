# The first process of the namespaces: gives them files and mounts of their own, then runs a command to its end.
# What is written to /run, pods' network namespaces among it, lives in memory and goes with the namespaces.
# usage: sh inside.sh COMMAND...
set -eu

ip link set lo up
mount -t tmpfs -o mode=755 tierwall /run
mkdir -p /run/netns /run/lock /run/tierwall
# As `ip netns` would with the first one.
mount --bind /run/netns /run/netns
mount --make-shared /run/netns

# Cilium sets these two for the whole machine; here it sets files that nobody reads.
for name in timer_migration unprivileged_bpf_disabled; do
  [ -e "/proc/sys/kernel/$name" ] || continue
  cat "/proc/sys/kernel/$name" > "/run/tierwall/$name"
  mount --bind "/run/tierwall/$name" "/proc/sys/kernel/$name"
done

# Names are resolved by what answers as kube-dns in the tests' cluster.
printf 'nameserver 10.96.0.10\noptions ndots:5 timeout:1 attempts:1\n' > /run/tierwall/resolv.conf
file=$(readlink -m /etc/resolv.conf)
case $file in
  # A link into what is empty now.
  /run/*) mkdir -p "$(dirname "$file")" && cp /run/tierwall/resolv.conf "$file" ;;
  *) [ ! -e "$file" ] || mount --bind /run/tierwall/resolv.conf "$file" ;;
esac

export TMPDIR=/run/tierwall TIERWALL_PACKETS=inside
# The tests' own addresses are not for a proxy.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# Not exec: a shell as the first process also buries orphans, which Node would leave as they are.
"$@" &
wait "$!"
