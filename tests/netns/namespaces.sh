#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --netns NAME, PID, all: the sockets of other namespaces, each with its namespace.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs netns-names
name=sockwatch-test-$$
cleanup_more() {
	ip netns del $name 2>/dev/null || :
	ip netns del $name-empty 2>/dev/null || :
}
ip netns add $name
ip netns add $name-empty
ip link set lo up
ip -n $name link set lo up

hold_in_namespace() {
	start_holder nsenter --net=/run/netns/$name "$builddir/tests/bench/populate" 20 2
}
hold_in_namespace
inside=$(pgrep -P $holder | head -1)

count() {
	jq -s "map(select($1)) | length"
}
"$sockwatch" list --json state established >"$work/own"
[ "$(count true <"$work/own")" = 0 ] || fail 'sockets of another namespace are listed as ours'
for which in $name "$inside"; do
	"$sockwatch" list --json --netns "$which" state established >"$work/named"
	[ "$(count true <"$work/named")" = 20 ] || {
		head -3 "$work/named"
		fail "--netns $which: $(count true <"$work/named") sockets of 20"
	}
done
"$sockwatch" list --json --netns all >"$work/all"
[ "$(count ".netns == \"$name\" and .state == \"ESTABLISHED\"" <"$work/all")" = 20 ] || fail '--netns all misses sockets'
[ "$(count ".netns == \"$name\" and .process == \"populate\"" <"$work/all")" = 22 ] || fail '--netns all misses owners'
"$sockwatch" list --json --netns all netns $name >"$work/filtered"
[ "$(count true <"$work/filtered")" = 22 ] || fail 'the filter by namespace'

# A missing namespace is a wrong option: one sentence, and nothing else has begun.
for command in list events collect 'probe 127.0.0.1' 'connect 127.0.0.1 80' ''; do
	status=0
	# shellcheck disable=SC2086
	"$sockwatch" $command --netns no-such-namespace >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ $status = 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] &&
		grep -q '^sockwatch: no network namespace "no-such-namespace" in /run/netns' "$work/err" || {
		cat "$work/out" "$work/err"
		fail "$command: status $status for a namespace that is not there"
	}
done
