#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `sockwatch list --listeners` has the queues that ss -ltn and the drops that ss -ltnm have, counts the connections of
# each listener, and what is accepted and dropped between two looks; IPv4 and IPv6.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs sysctl
ip link set lo up
sysctl -q -w net.core.somaxconn=64 net.ipv4.tcp_syncookies=1

on_failure() {
	cat "$work/dial".* "$work/listeners" 2>/dev/null || :
	ss -ltnm || :
	"$sockwatch" list --listeners || :
}

# listener JQ ARGUMENT…: of the listeners that it prints, as an array.
listener() {
	query=$1
	shift
	"$sockwatch" list --listeners --json "$@" >"$work/listeners" && jq -e -s "$query" "$work/listeners"
}
# The lines "ADDRESS PORT RECV-Q SEND-Q DROPS" of both.
ss_lines() {
	ss -H -ltnm | awk '
		$1 == "LISTEN" {
			at = match($4, /:[^:]*$/)
			address = substr($4, 1, at - 1)
			gsub(/[][]/, "", address)
			if (address == "*") address = "::"
			line = address " " substr($4, at + 1) " " $2 " " $3
		}
		match($0, /,d[0-9]+\)/) { print line, substr($0, RSTART + 2, RLENGTH - 3) }' | sort
}
our_lines() {
	"$sockwatch" list --listeners --json |
		jq -r '[.local_addr, .local_port, .accept_queue, .backlog, .drops] | map(tostring) | join(" ")' | sort
}
like_ss() {
	ss_lines >"$work/theirs"
	our_lines >"$work/ours"
	same "$1" "$work/theirs" "$work/ours"
}

start_dial one wait 127.0.0.1 8001 8
start_dial six wait ::1 8006 8
# More than somaxconn, at the time of listen().
start_dial all wait :: 8002 500
start_dial of_one 127.0.0.1 8001 5
start_dial of_six ::1 8006 3
start_dial of_all 127.0.0.1 8002 2
like_ss 'idle queues'
listener 'length == 3 and all(.[]; .somaxconn == 64 and .process == "dial" and .sharing == 1 and .drops == 0)' ||
	fail 'three listeners'
listener '.[0].accept_queue == 5 and .[0].unaccepted == 5 and .[0].established == 5 and .[0].backlog == 8 and
	.[0].exposure == "loopback" and .[0].half_open == 0 and .[0].half_open_limit == 8' local_port 8001 ||
	fail 'five that wait'
listener '.[0].accept_queue == 3 and .[0].unaccepted == 3 and .[0].family == 6' local_port 8006 || fail 'IPv6'
# IPv4 connections of a listener of all addresses.
listener '.[0].accept_queue == 2 and .[0].unaccepted == 2 and .[0].exposure == "all" and .[0].backlog == 64' \
	local_port 8002 || fail 'all addresses'
dial_answers one accept 'accepted 1'
dial_answers one accept 'accepted 2'
listener '.[0].accept_queue == 3 and .[0].unaccepted == 3 and .[0].established == 5' local_port 8001 ||
	fail 'two were accepted'

# The backlog and one more fit; what comes then is dropped, and the listener says how often.
start_dial fill 127.0.0.1 8001 6
like_ss 'a full queue'
listener '.[0].accept_queue == 9 and .[0].accept_queue_pct == 100 and (.[0].note | test("full"))' local_port 8001 ||
	fail 'a full queue'
begin_dial beyond 127.0.0.1 8001 1
until_true 'drops' listener '.[0].drops > 0' local_port 8001
listener '.[0].drop_rate == null' local_port 8001 || fail 'a rate of one look'
# It goes on to send SYNs: some second sees one dropped, by two looks.
until_true 'a rate of drops' listener '.[0].drop_rate > 0' --fields local_port,drop_rate local_port 8001
kill "$pid_beyond"
wait "$pid_beyond" || :
like_ss 'drops'
listener '.[0].drops == 0' local_port 8006 || fail 'drops of another'

# Between two looks one is accepted.
(
	while :; do
		echo accept
		sleep 0.1
	done
) >"$work/six.in" &
children="$children $!"
# On a box under load all may be accepted before the first look, so that each try brings one more.
accepts() {
	(
		sleep 0.5
		exec "$dial" ::1 8006 1 <"$work/six.in.more" >/dev/null
	) &
	children="$children $!"
	listener '.[0].accept_rate > 0' -d 1 --fields accept_rate local_port 8006
}
mkfifo "$work/six.in.more"
sleep 1000 >"$work/six.in.more" &
children="$children $!"
until_true 'accepts a second' accepts
until_true 'all accepted' listener '.[0].unaccepted == 0 and .[0].established >= 3' local_port 8006

# Text, CSV, order, bad words.
"$sockwatch" list --listeners --sort accept_queue >"$work/listeners" 2>/dev/null
sed -n 2p "$work/listeners" | grep -q '127.0.0.1:8001 .*9 .*8 .*accept queue full' || fail 'text'
# counter NAME: as the kernel prints it.
counter() {
	awk -v name="$1" '/^TcpExt/ { if (n++ % 2 == 0) for (i = 2; i <= NF; i++) at[$i] = i; else print $at[name] }' \
		/proc/net/netstat
}

# What the kernel counts for all listeners, and the settings in force. The counters may move between the two readings.
is_of_all() {
	before=$(counter ListenOverflows)/$(counter ListenDrops)/$(counter SyncookiesSent)
	"$sockwatch" list --listeners >"$work/listeners" 2>/dev/null
	[ "$before" = "$(counter ListenOverflows)/$(counter ListenDrops)/$(counter SyncookiesSent)" ] || return 1
	[ "$(counter ListenOverflows)" -gt 0 ] &&
		grep -q "^all listeners together: ListenOverflows $(counter ListenOverflows), ListenDrops $(counter ListenDrops), .*SyncookiesSent $(counter SyncookiesSent), " "$work/listeners" &&
		grep -q "^in force: tcp_syncookies $(sysctl -n net.ipv4.tcp_syncookies), somaxconn $(sysctl -n net.core.somaxconn), tcp_max_syn_backlog $(sysctl -n net.ipv4.tcp_max_syn_backlog), " "$work/listeners"
}
until_true 'what is counted of all' is_of_all
[ "$("$sockwatch" list --listeners --csv --fields local_port,accept_queue local_port 8001 2>/dev/null)" = "$(printf 'local_port,accept_queue\n8001,9')" ] ||
	fail 'CSV'
! "$sockwatch" list --fields rtt --listeners 2>"$work/listeners" || fail 'a field of sockets was taken'
grep -q -- '--fields: .*rtt' "$work/listeners" || fail 'the bad field is not named'
! "$sockwatch" list --listeners --group user 2>"$work/listeners" || fail '--group was taken'
