#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rights, read from /proc/PID/status: the viewer has none and cannot gain any, under sudo it runs as the user who
# typed the command; the collector keeps what is needed and no more. A killed collector is started again.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
command -v tmux >/dev/null || skip 'needs tmux'
start_zoo
tmux="tmux -L sockwatch-rights-$$ -f /dev/null"
end_tmux() {
	$tmux kill-server 2>/dev/null || :
}
cleanup_more() {
	end_tmux
}

on_failure() {
	$tmux capture-pane -p
	ps -e -o pid,ppid,stat,wchan,args | grep sockwatch
}

# status PID NAME
status() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# Waits for the three processes; sets viewer, keeper, collector.
find_halves() {
	viewer=$($tmux list-panes -F '#{pane_pid}')
	keeper=$(child_of "$viewer")
	[ -n "$keeper" ] && collector=$(child_of "$keeper") && [ -n "$collector" ] &&
		$tmux capture-pane -p | grep -q ' LISTEN [1-9]'
}

# start NAME=VALUE… -- OPTION…
start() {
	$tmux new-session -d -x 100 -y 30 "env $* exec '$sockwatch'"
}

bit() {
	[ $((0x$1 >> $2 & 1)) = 1 ]
}
DAC_READ_SEARCH=2 KILL=5 SETPCAP=8 NET_ADMIN=12 SYS_PTRACE=19 SYS_ADMIN=21 PERFMON=38 BPF=39

$tmux new-session -d -x 100 -y 30 "SUDO_UID=65534 SUDO_GID=65534 exec $sockwatch"
until_true 'the monitor with its two halves' find_halves
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	[ "$(status "$viewer" $set)" = 0000000000000000 ] || fail "viewer: $set is $(status "$viewer" $set)"
done
[ "$(status "$viewer" NoNewPrivs)" = 1 ] || fail 'viewer: no_new_privs is not set'
[ "$(status "$viewer" Uid)" = "$(printf '65534\t65534\t65534\t65534')" ] || fail "viewer: uid $(status "$viewer" Uid)"
[ "$(status "$viewer" Gid)" = "$(printf '65534\t65534\t65534\t65534')" ] || fail "viewer: gid $(status "$viewer" Gid)"

kept=$(status "$collector" CapPrm)
for right in $SYS_PTRACE $DAC_READ_SEARCH $NET_ADMIN; do
	bit "$kept" $right || fail "collector: capability $right is missing in $kept"
done
for right in $SYS_ADMIN $SETPCAP 0 1 6 7 21 16; do
	bit "$kept" $right && fail "collector: capability $right is kept in $kept"
done
# A right that is needed for a moment is not in force before, and gone after it.
lent=$((1 << PERFMON | 1 << BPF))
effective=$(status "$collector" CapEff)
[ $((0x$effective)) = $((0x$kept & ~lent)) ] || fail "collector: of $kept $effective is in force"
[ "$(status "$collector" NoNewPrivs)" = 1 ] || fail 'collector: no_new_privs is not set'
[ $((0x$(status "$collector" CapBnd) & ~0x$kept)) = 0 ] || fail 'collector: the bounding set holds more'

# Killed: reported, and started again.
first=$collector
kill -KILL "$first"
restarted() {
	find_halves && [ "$collector" != "$first" ]
}
until_true 'a new collector' restarted
kill -0 "$viewer" || fail 'the viewer ended with its collector'
$tmux send-keys q
gone() {
	! kill -0 "$collector" 2>/dev/null && ! kill -0 "$keeper" 2>/dev/null
}
until_true 'all halves to end with the viewer' gone

# --read-only: no right to signal or to close is kept. (Another server: the previous one may still be ending.)
tmux="tmux -L sockwatch-rights-$$-again -f /dev/null"
$tmux new-session -d -x 100 -y 30 "exec $sockwatch --read-only"
until_true 'the monitor, read-only' find_halves
bit "$(status "$collector" CapPrm)" $KILL && fail 'collector: CAP_KILL kept with --read-only'

# A killed viewer leaves no process.
kill -KILL "$viewer"
until_true 'keeper and collector to end after the viewer was killed' gone
