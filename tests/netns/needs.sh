#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A field asked for alone gives what it gives among all: what it needs fetched is declared in whole, and where
# something was not fetched the value is unknown, not "no" or 0.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
start_zoo
mkfifo "$work/held"
"$builddir/tests/netns/hold" listen4:1001 listen6:1002 dual:1003%lo udp4:1004%lo mptcp:1005 \
	<"$work/held" >"$work/held.out" 2>&1 &
children="$children $!"
exec 8>"$work/held"
until_true 'sockets with all that a field can have' grep -q ready "$work/held.out"

fields=$(sed -n 's/^\tlocal fields="\(.*\)"$/\1/p' "$srcdir/doc/sockwatch.bash-completion")
[ "$(echo "$fields" | wc -w)" -gt 80 ] || fail 'the names of the fields were not found'
# Other numbers change while one looks: of these it is compared whether they are known.
steady=' cookie family local_port remote_port uid inode pid mark tos mss_bytes pmtu_bytes receive_buffer_bytes '

# table FIELD…: a line for each socket that stays (connection requests and retries come and go), by its cookie.
table() {
	"$sockwatch" list -n --json --fields "cookie,$1" 'state listen,established,close-wait,closed,unconn and not timer retransmit,persist' >"$work/json"
	jq -c --arg steady "$steady" 'with_entries(.key as $key |
		if (.value | type) == "number" and ($steady | contains(" " + $key + " ") | not) then .value = "known" else . end)' "$work/json" | sort
}
table "$(echo "$fields" | tr ' ' ,)" >"$work/all"
[ "$(wc -l <"$work/all")" -gt 20 ] || fail 'there are too few sockets'
# Each of these was seen with a value at least once: the comparison below is not of nothing.
for field in mptcp interface v6only cgroup user process cmdline owners congestion drops tos mark rtt_us options local remote; do
	jq -e -s --arg field $field 'any(has($field) and .[$field] != null)' "$work/all" >/dev/null || echo "(no socket has a $field here)"
done
for field in $fields; do
	table "$field" >"$work/alone"
	jq -c --arg field "$field" '{cookie} + (if has($field) then {($field): .[$field]} else {} end)' "$work/all" | sort >"$work/expected"
	jq -c --arg field "$field" '{cookie} + (if has($field) then {($field): .[$field]} else {} end)' "$work/alone" | sort >"$work/actual"
	same "$field alone" "$work/expected" "$work/actual"
done

# The same as a filter: what it looks at is fetched without any column.
[ "$("$sockwatch" list --json --fields cookie mptcp and state established | wc -l)" = 2 ] || fail 'mptcp as a filter'
[ "$("$sockwatch" list --json --fields cookie addr '*%lo' and state listen | wc -l)" = 1 ] || fail 'a zone as a filter'

# What a program has not read of an MPTCP connection waits in the connection's queue, not in a subflow's: as ss -M.
ss -H -Mna state established | awk '{ print $3, $1, $2 }' | sort >"$work/ss"
"$sockwatch" list -n --fields local,recv_q,send_q mptcp and state established | tail -n +2 | awk '{ print $1, $2, $3 }' | sort >"$work/ours"
same 'queues of MPTCP' "$work/ss" "$work/ours"
awk '$2 > 0' "$work/ours" | grep -q . || fail 'nothing is unread'
