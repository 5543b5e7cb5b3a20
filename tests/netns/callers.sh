#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A process that connects, sends, closes and exits within a few milliseconds is gone before /proc is read. The
# kernel reports it (eBPF), for events and for closed rows. Without the right for that, such an owner is "not
# seen", and the missing right is shown.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs setpriv tmux netns-names
setpriv --bounding-set=-bpf,-perfmon true 2>/dev/null || skip 'setpriv knows no CAP_BPF'
server=sockwatch-callers-$$
# Each monitor has a server of its own: the previous one may still be ending.
tmux="tmux -L $server -f /dev/null"
cleanup_more() {
	$tmux kill-server 2>/dev/null || :
	ip netns del $server 2>/dev/null || :
}
ip netns add $server
ip link add eth0 type veth peer name eth0 netns $server
ip addr add 10.97.1.1/24 dev eth0
ip link set lo up
ip link set eth0 up
ip -n $server addr add 10.97.1.2/24 dev eth0
ip -n $server link set eth0 up
start_holder nsenter --net=/run/netns/$server "$builddir/tests/netns/brief" serve 8080

# brief NAME PORT: runs one, and remembers its pid.
brief() {
	"$builddir/tests/netns/brief" "$1" 10.97.1.2 "$2" >>"$work/pids"
}

# start_events ARGUMENT…: arguments come before the filter; events captures when this returns.
start_events() {
	: >"$work/events"
	"$@" "$sockwatch" events -d 0.1 --json >"$work/events" 2>"$work/err" &
	events=$!
	children="$children $events"
	until_true 'the capture' captures 1
}
end_events() {
	kill -INT $events
	wait $events || fail "events ended with status $?"
	cat "$work/err"
}

# one_more JQ-CONDITION: runs one more, and checks the condition on all lines so far.
one_more() {
	brief brief-one 8080 || return 1
	[ -n "$(jq -r "select($1) | .pid // \"none\"" "$work/events")" ]
}

reason=
if ! [ -e src/collector/bpf/object.h ]; then
	reason='built without libbpf'
elif ! [ -e /sys/kernel/btf/vmlinux ]; then
	reason='the kernel does not describe its types'
elif [ $((0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status) >> 38 & 3)) != 3 ]; then
	reason='no CAP_BPF and CAP_PERFMON'
fi

# With the right: pid and name of each process, as soon as it has closed.
with_ebpf() {
	start_events
	until_true 'a first one with its name' one_more '.process == "brief-one" and .kind == "fin-ack"'
	: >"$work/pids"
	i=0
	while [ $i -lt 20 ]; do
		brief brief-more 8080 || fail 'the server does not answer'
		i=$((i + 1))
	done
	sort -u "$work/pids" >"$work/truth"
	# After the last of them.
	until_true 'the last one' one_more 'input_line_number > 100 and .process == "brief-one"'
	! brief refused-one 9 || fail 'somebody listens on port 9'
	until_true 'the refused one' grep -q '"process":"refused-one"' "$work/events"
	end_events
	jq -r 'select(.process == "brief-more" and .kind == "fin-ack") | .pid' "$work/events" | sort -u >"$work/ours"
	same 'processes that closed' "$work/truth" "$work/ours"
	[ -z "$(jq -r 'select(.no_owner != null)' "$work/events")" ] || fail 'an owner was not seen'
	! grep -q eBPF "$work/err" || fail 'it is said that something is missing'
}

# In the table: the rows of what ended between two refreshes come with the destroy events.
closed_rows() { # WHAT COMMAND [FILTER]: what comes before the program, and after it
	$tmux new-session -d -x 160 -y 40 "exec $2 $sockwatch -d 0.5 --ascii --no-color ${3:-}"
	until_true 'the monitor' screen_has 'Help'
	until_true "a closed row with $1" closed_row "$1"
	$tmux kill-server
	monitors=$((${monitors:-0} + 1))
	tmux="tmux -L $server-$monitors -f /dev/null"
	until_true 'the end of the monitor' not_capturing
}
screen_has() {
	$tmux capture-pane -p | grep -q -- "$1"
}
closed_row() {
	brief brief-one 8080
	$tmux capture-pane -p | grep -q "CLOSED.*10.97.1.2:8080.*$1"
}
not_capturing() {
	! captures 1
}

# Without the right: the kernel reports nothing, and the reason is shown. (On a busy machine one or the other
# lives until /proc is read.)
without_ebpf() { # WHY ARGUMENT…
	why=$1
	shift
	start_events "$@"
	until_true 'one that was not seen' one_more '.no_owner == "not seen"'
	end_events
	grep -q "the kernel could name them (eBPF), but $why" "$work/err" || fail 'it is not said why'
}

drop='setpriv --bounding-set=-bpf,-perfmon --inh-caps=-bpf,-perfmon --'
if [ -z "$reason" ]; then
	with_ebpf
	closed_rows 'brief-one/[0-9]' ''
	without_ebpf 'CAP_BPF and CAP_PERFMON are missing' $drop
elif [ -e src/collector/bpf/object.h ]; then
	without_ebpf '' env
else
	without_ebpf 'sockwatch was built without libbpf' env
fi
closed_rows '(not seen)' "$drop"
# Where the server is, the process that listens is named: it is alive.
closed_rows 'brief/[0-9]* (listens)' "nsenter --net=/run/netns/$server $drop" 'state closed'
[ -z "$reason" ] || skip "not with eBPF: $reason"
