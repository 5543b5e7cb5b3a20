#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every TCP state of the RFC, IPv4 and IPv6, made by real sockets: list agrees with ss, socket by socket.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
start_zoo

ss_tcp >"$work/ss"
sockwatch_tcp >"$work/ours"
same 'all TCP sockets' "$work/ss" "$work/ours"

for state in LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT; do
	for family in 4 6; do
		"$sockwatch" list --json state = $state and family $family >"$work/one"
		jq -e -s --arg state $state 'length > 0 and all(.state == $state)' "$work/one" >/dev/null ||
			fail "no $state of IPv$family, or others with it"
	done
done

# CLOSED: merely bound. Only sock_diag's bound-inactive dump shows these (Linux 6.8 and later).
"$sockwatch" list --json state closed | jq -e -s 'length == 2 and all(.pid != null)' >/dev/null ||
	fail 'the two bound sockets are not listed as CLOSED'

# Timers, as ss -o prints them: ports, kind and tries, some of which are above 0; for TIME-WAIT, which retransmits
# nothing, ss has 0. A timer may fire between the two looks; so they are compared until they agree.
timers_agree() {
	ss -H -tano | sed -n 's/.*:\([0-9*]*\) .*:\([0-9*]*\) .*timer:(\([a-z]*\),[^,]*,\([0-9]*\)).*/\1 \2 \3 \4/p' |
		sed 's/ on / retransmit /' | sort >"$work/ss"
	"$sockwatch" list --json proto tcp | jq -r 'select(.timer != null and .timer != "none") |
		"\(.local_port) \(.remote_port) \(.timer) \(if .timer == "timewait" then 0 else .timer_retries end)"' | sort >"$work/ours"
	cmp "$work/ss" "$work/ours" && grep -q 'retransmit [1-9]' "$work/ss" &&
		grep -q persist "$work/ss" && grep -q keepalive "$work/ss"
}
on_failure() {
	diff -u "$work/ss" "$work/ours"
}
until_true 'timers and tries as ss has them' timers_agree
on_failure() {
	:
}

# Keepalive is shown where the kernel reports it.
"$sockwatch" list --json keepalive = yes | jq -e -s 'length == 2 and all(.state == "ESTABLISHED")' >/dev/null ||
	fail 'the two sockets with keepalive are not shown'

# UDP.
"$sockwatch" list --json proto udp | jq -e -s '
	map(select(.local_port == 5000)) | length == 2' >/dev/null || fail 'UDP sockets are missing'
