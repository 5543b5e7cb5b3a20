#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A scripted session under valgrind, both halves: nothing leaks, nothing is read before it was written.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
command -v valgrind >/dev/null || skip 'needs valgrind'
command -v tmux >/dev/null || skip 'needs tmux'
! grep -q '^#define SANITIZERS 1' "$builddir/config.h" || skip 'a build with sanitizers does not run under valgrind'
start_zoo
sockwatch=$builddir/tests/netns/sockwatch_unfiltered
tmux="tmux -L sockwatch-leaks-$$ -f /dev/null"
cleanup_more() {
	$tmux kill-server 2>/dev/null || :
}

# What root starts writes its log as another user.
chmod 711 "$work"
mkdir -m 1777 "$work/logs"
valgrind="valgrind -q --vgdb=no --trace-children=no --child-silent-after-fork=no --leak-check=full
	--show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect --error-exitcode=99
	--log-file=$work/logs/valgrind.%p"

# found WHAT LOGS: fails when any of the processes, as many as wrote a log, wrote an error. valgrind does not know
# SIOCGSKNS; that is not an error.
found() {
	logs=$(find "$work/logs" -name 'valgrind.*' | wc -l)
	[ "$logs" -ge "$2" ] || fail "$1: $logs processes ran under valgrind, not $2"
	for log in "$work"/logs/valgrind.*; do
		grep -v -e 'unhandled ioctl 0x894c' -e 'unhandled amd64-linux syscall: 44[456]' \
			-e 'You may be able to write your own handler' -e 'Read the file README_MISSING' \
			-e 'Nevertheless we consider this a bug' -e 'valgrind.org/support/bug_reports' -e 'could cause spurious value errors' \
			-e 'README_MISSING_SYSCALL' "$log" | grep -q . || continue
		cat "$log"
		fail "valgrind complains in $1"
	done
	rm -f "$work"/logs/valgrind.*
}

# Word splitting is meant.
# shellcheck disable=SC2086
$valgrind "$sockwatch" list --json >"$work/out" 2>"$work/err" || fail "list --json ended with status $?"
found 'list --json' 3
# shellcheck disable=SC2086
$valgrind "$sockwatch" list --group process --sort recv_q state established >"$work/out" 2>"$work/err" ||
	fail "list --group ended with status $?"
found 'list --group' 3

# valgrind knows less of bpf(2) than libbpf asks for and calls that an error; without the right nothing is asked.
drop=
! setpriv --bounding-set=-bpf,-perfmon true 2>/dev/null ||
	drop='setpriv --bounding-set=-bpf,-perfmon --inh-caps=-bpf,-perfmon --'
$tmux new-session -d -x 100 -y 30 "exec $drop $(echo $valgrind) $sockwatch"
shows() {
	$tmux capture-pane -p | grep -q "$1"
}
on_failure() {
	$tmux capture-pane -p
	cat "$work"/logs/valgrind.*
}
# keys WHAT-THEN-SHOWS KEY…
keys() {
	what=$1
	shift
	$tmux send-keys "$@"
	until_true "$what after the keys $*" shows "$what"
}
until_true 'the table' shows CLOSE-WAIT
# Under valgrind the first keys may come before anybody reads them.
opens() {
	$tmux send-keys Enter
	shows ' who '
}
until_true 'the page of a socket' opens
keys 'RECV-Q' Escape
keys 'Sort by' F6
keys 'RECV-Q' Escape
keys 'Group by' F5
keys 'RECV-Q' Escape
keys 'Filter' F4
keys 'TIME-WAIT' -l 'state time-wait'
keys 'F1Help' Enter
keys 'listeners' 2
keys 'flags' 3
keys 'RECV-Q' 1
pid=$($tmux list-panes -F '#{pane_pid}')
$tmux send-keys q
ended() {
	! kill -0 "$pid" 2>/dev/null
}
until_true 'the end of the monitor' ended
found 'the monitor' 3
