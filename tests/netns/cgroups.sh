#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The memory of sockets in a cgroup with a limit, as the kernel's own files show it, in the version of cgroups that has
# the memory controller here; then the cgroup goes.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
ip link set lo up
mounted=$(awk '$3 == "cgroup" && $4 ~ /(^|,)memory(,|$)/ { print 1, $2 }
	$3 == "cgroup2" { print 2, $2 }' /proc/mounts | sort | head -1)
version=${mounted%% *}
root=${mounted#* }
[ -n "$mounted" ] || skip 'no cgroups are mounted here'
name=swcgroup-$$
group=$root/$name
mkdir "$group" 2>/dev/null || skip 'cgroups cannot be made here'
cleanup_more() {
	[ -z "${holder:-}" ] || {
		kill "$holder" 2>/dev/null || :
		wait "$holder" 2>/dev/null || :
	}
	[ ! -d "$group" ] || rmdir "$group"
}
if [ "$version" = 1 ]; then
	limit_file=$group/memory.kmem.tcp.limit_in_bytes
	limit=4194304
else
	# On all memory: so much that the program is not killed.
	limit_file=$group/memory.max
	limit=268435456
fi
{ echo $limit >"$limit_file"; } 2>/dev/null || skip "memory cannot be limited by cgroups here: $limit_file"

# The memory belongs to the cgroup in which a socket is made.
cat >"$work/inside" <<'EOF'
#!/bin/sh
echo $$ >"$1/cgroup.procs"
shift
exec "$@"
EOF
chmod +x "$work/inside"
set --
for port in 1 2 3 4 5 6 7 8 9; do
	set -- "$@" "full:710$port"
done
start_holder "$work/inside" "$group" "$builddir/tests/netns/hold" "$@"

# usage: of sockets, as the kernel has it now.
usage() {
	if [ "$version" = 1 ]; then
		cat "$group/memory.kmem.tcp.usage_in_bytes"
	else
		awk '$1 == "sock" { print $2 }' "$group/memory.stat"
	fi
}
[ "$(usage)" -gt 1000000 ] || fail "the sockets take $(usage) bytes only"
record "$sockwatch" collect -d 0.2
shows_usage() {
	says "memory /$name $version socket=$(usage) limit=$limit"
}
until_true 'the memory of the sockets' shows_usage
says "cgroup $holder /$name" || fail "the cgroup of the process: $(grep cgroup "$work/facts")"

# Without rights too.
record setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$sockwatch" collect -d 0.2
until_true 'the memory of the sockets, without rights' shows_usage

# The cgroup goes.
kill "$holder"
wait "$holder" || :
holder=
until_true 'the cgroup is empty' rmdir "$group"
is_forgotten() {
	says 'sysctl own net.ipv4.tcp_retries1=.*' && ! grep -q "^memory /$name " "$work/facts"
}
until_true 'the end of the cgroup' is_forgotten
