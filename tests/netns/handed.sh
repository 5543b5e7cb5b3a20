#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Owners that no number of descriptors shows: sockets handed on in equal numbers, held by threads of a leader that has
# exited or with a descriptor table of their own, in transit, inherited; names that change. The oracle is /proc.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs tmux mounts
ip link set lo up
tmux="tmux -L sockwatch-handed-$$ -f /dev/null"
# A server whose last session ends goes away while the next session is asked for.
$tmux new-session -d -s keep cat
cleanup_more() {
	$tmux kill-server 2>/dev/null || :
}
on_failure() {
	$tmux capture-pane -p -t monitor 2>/dev/null || :
}

# start WHAT: the helper; sets first and second, the pids that it says.
start() {
	start_holder "$builddir/tests/netns/handed" "$1"
	read -r ready first second <"$work/holder.out"
}
step() {
	echo >&9
	until_true 'the step' grep -q done "$work/holder.out"
}
stop() {
	exec 9>&-
	wait "$holder" || :
}

# owner PORT: "NAME/PID", or the reason in brackets, as `list` has it.
owner() {
	"$sockwatch" list --fields owner "lport $1" 2>"$work/notes" | sed 1d | tr -d ' '
}

# listed PORT OWNER
listed() {
	[ "$(owner "$1")" = "$2" ] || fail "port $1: $(owner "$1") instead of $2"
}

shows() {
	$tmux capture-pane -p -t monitor | grep -q -- "$1"
}
# monitor [FILTER]
monitor() {
	$tmux new-session -d -s monitor -x 120 -y 40 "exec $sockwatch -d 0.2 --ascii --no-color ${1:-}"
	until_true 'the monitor' shows 'LISTEN [1-9]'
}
end_monitor() {
	$tmux kill-session -t monitor
}

start exchange
monitor
until_true 'the first owners' shows ":1001 .*handed/$first"
until_true 'the first owners' shows ":1002 .*other/$second"
step
until_true 'the new owner of 1001' shows ":1001 .*other/$second"
until_true 'the new owner of 1002' shows ":1002 .*handed/$first"
end_monitor
stop

# What is confirmed is done only while the process holds that socket; what is offered is looked at again.
keys() {
	$tmux send-keys -t monitor "$@"
}
for action in signal close; do
	start exchange
	monitor 'lport 1001'
	until_true 'the owner' shows ":1001 .*handed/$first"
	keys Home
	keys F9
	until_true 'the holder in the menu' shows "Signal process $first (handed)"
	if [ $action = signal ]; then
		keys Down Enter
		until_true 'the signals' shows 'asks it to end'
		keys Enter
		until_true 'the question' shows "kill -TERM $first"
	else
		keys Enter
		until_true 'the question' shows "1001 of handed, process $first"
	fi
	step
	keys y
	until_true "the refusal to $action" shows "process $first does not hold th.* socket any more"
	kill -0 "$first" || fail 'the wrong process was signalled'
	until_true 'the new owner' shows ":1001 .*other/$second"
	keys F9
	until_true 'the new holder in the menu' shows "Signal process $second (other)"
	end_monitor
	stop
done

start leader
listed 1003 "handed/$first"
monitor
until_true 'the process whose leader has exited' shows ":1003 .*handed/$first"
end_monitor
stop

start thread
listed 1004 "handed/$first"
monitor
until_true 'the process of the thread' shows ":1004 .*handed/$first"
end_monitor
stop

start flight
listed 1005 '(hidden)'
grep -q 'transit' "$work/notes" || fail "it is not said what may hold a socket that nobody holds: $(cat "$work/notes")"
stop

# Processes that /proc does not show, and why: another PID namespace, hidepid.
inside() {
	unshare --pid --mount --fork --mount-proc "$@" 2>"$work/notes"
}
says() {
	grep -q "$1" "$work/notes" || fail "it is not said that $1: $(cat "$work/notes")"
}
start rename
inside "$sockwatch" list --fields owner 'lport 1006' >"$work/text"
grep -q '(hidden)' "$work/text" || fail "another PID namespace: $(cat "$work/text")"
says 'one PID namespace only'
cat >"$work/hidden" <<'END'
mount -o remount,hidepid=2 /proc
"$1" rename </dev/zero >"$2" &
until grep -q ready "$2"; do :; done
setpriv --reuid=65534 --regid=65534 --clear-groups "$3" list --fields owner 'lport 1006'
kill $!
END
stop
: >"$work/inner"
inside sh -e "$work/hidden" "$builddir/tests/netns/handed" "$work/inner" "$sockwatch" >"$work/text"
grep -q '(hidden)' "$work/text" || fail "hidepid: $(cat "$work/text")"
says 'mounted with hidepid'

start rename
monitor
until_true 'the name' shows ":1006 .*handed/$first"
# A young process is expected to change its name; this one is not young any more.
is_old() {
	[ "$(ps -o etimes= -p "$first")" -ge 7 ]
}
until_true 'an old process' is_old
step
until_true 'the new name' shows ":1006 .*renamed/$first"
end_monitor
stop

start heir
monitor
until_true 'parent and child' shows ":1007 .*handed/$first+1"
step
until_true 'the child alone' shows ":1007 .*heir/$second"
end_monitor
stop

start release
monitor
until_true 'both' shows ":1008 .*handed/$first"
step
until_gone() {
	! shows ':1008 .*LISTEN' && shows ":1009 .*handed/$first"
}
until_true 'the one that is left' until_gone
end_monitor
stop
