#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rights, read from /proc/PID/status: the viewer has none and cannot gain any, under sudo it runs as the user who
# typed the command, after a login as root as an unprivileged one; keeper and collector run as that one too and keep
# what is needed and no more. A killed collector is started again.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
command -v tmux >/dev/null || skip 'needs tmux'
start_zoo
tmux="tmux -L sockwatch-rights-$$ -f /dev/null"
end_tmux() {
	for server in "" -option -sudo -root -login -daemon -theirs -plain; do
		tmux -L "sockwatch-rights-$$$server" kill-server 2>/dev/null || :
	done
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
DAC_READ_SEARCH=2 KILL=5 SETPCAP=8 NET_ADMIN=12 NET_RAW=13 SYS_PTRACE=19 SYS_ADMIN=21 PERFMON=38 BPF=39

# has_no_right WHO PID
has_no_right() {
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$(status "$2" $set)" = 0000000000000000 ] || fail "$1: $set is $(status "$2" $set)"
	done
	[ "$(status "$2" NoNewPrivs)" = 1 ] || fail "$1: no_new_privs is not set"
}
# is_user WHO PID ID [GROUPS]: all of its ids.
is_user() {
	for ids in Uid Gid; do
		[ "$(status "$2" $ids)" = "$(printf "$3\t$3\t$3\t$3")" ] || fail "$1: $ids $(status "$2" $ids)"
	done
	[ $# = 3 ] || [ "$(status "$2" Groups)" = "$4 " ] || fail "$1: groups $(status "$2" Groups)"
}
# The process that a login as root leaves root, to write root's files.
opener_of() {
	for child in $(cat "/proc/$1/task/$1/children"); do
		[ "$(cat "/proc/$child/comm")" != sockwatch-open ] || echo "$child"
	done
}
nobody=65534

$tmux new-session -d -x 100 -y 30 "SUDO_UID=12345 SUDO_GID=12345 exec $sockwatch"
until_true 'the monitor with its two halves' find_halves
has_no_right viewer "$viewer"
is_user viewer "$viewer" 12345 12345
is_user keeper "$keeper" $nobody $nobody
is_user collector "$collector" $nobody $nobody
[ -z "$(opener_of "$viewer")" ] || fail 'a process is root under sudo'

kept=$(status "$collector" CapPrm)
for right in $SYS_PTRACE $DAC_READ_SEARCH $NET_ADMIN $KILL; do
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

# They keep no mount busy, and hold nothing that whoever started them had open.
for half in "$keeper" "$collector"; do
	[ "$(readlink "/proc/$half/cwd")" = / ] || fail "process $half works in $(readlink "/proc/$half/cwd")"
done

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

# read_only NAME OPTION…: nothing is kept by which a socket could be closed or a process signalled, though it is only
# the config that says so, and the keeper was there before it was read. (Another server each time: the previous one may
# still be ending.)
read_only() {
	tmux="tmux -L sockwatch-rights-$$-$1 -f /dev/null"
	shift
	$tmux new-session -d -x 100 -y 30 "exec env $*"
	until_true "the monitor, $*" find_halves
	for half in "$keeper" "$collector"; do
		kept=$(status "$half" CapPrm)
		bit "$kept" $SYS_PTRACE || fail "capability $SYS_PTRACE is missing in $kept: $*"
		for right in $KILL $NET_ADMIN; do
			! bit "$kept" "$right" || fail "capability $right is kept in $kept: $*"
		done
	done
	$tmux send-keys q
	until_true 'all halves to end with the viewer' gone
}
mkdir -p "$work/root/sockwatch" "$work/user/sockwatch"
echo 'read_only = yes' | tee "$work/root/sockwatch/config" >"$work/user/sockwatch/config"
chown -R 12345:12345 "$work/user"
chmod 755 "$work"
read_only option "$sockwatch" --read-only
read_only sudo SUDO_UID=12345 SUDO_GID=12345 XDG_CONFIG_HOME="$work/user" "$sockwatch"
read_only root XDG_CONFIG_HOME="$work/root" "$sockwatch"

# A login as root: nothing that reads what strangers send is root, nor the half with rights. Another user is named in
# root's config; a user's config names nobody.
tmux="tmux -L sockwatch-rights-$$-login -f /dev/null"
$tmux new-session -d -x 100 -y 30 "exec env -u SUDO_UID -u SUDO_GID $sockwatch"
until_true 'the monitor of a login as root' find_halves
has_no_right viewer "$viewer"
is_user viewer "$viewer" $nobody $nobody
is_user keeper "$keeper" $nobody $nobody
is_user collector "$collector" $nobody $nobody
opener=$(opener_of "$viewer")
has_no_right opener "$opener"
is_user opener "$opener" 0
for half in "$keeper" "$collector" "$opener"; do
	[ "$(readlink "/proc/$half/fd/0")" = /dev/null ] || fail "process $half holds the terminal"
done

# A killed viewer leaves no process.
kill -KILL "$viewer"
gone_all() {
	gone && ! kill -0 "$opener" 2>/dev/null
}
until_true 'keeper, collector and opener to end after the viewer was killed' gone_all

# A command that never loads the program into the kernel keeps no right for it, however long it runs; nor any for
# packets and signals.
"$sockwatch" counters 100 </dev/null >"$work/out" 2>&1 &
viewer=$!
children="$children $viewer"
has_collector() {
	keeper=$(child_of "$viewer") && [ -n "$keeper" ] && collector=$(child_of "$keeper") && [ -n "$collector" ] &&
		[ "$(status "$collector" NoNewPrivs)" = 1 ]
}
until_true 'the collector of counters' has_collector
for half in "$keeper" "$collector"; do
	for right in $BPF $PERFMON $KILL $NET_RAW; do
		! bit "$(status "$half" CapPrm)" "$right" || fail "counters: capability $right is kept in $(status "$half" CapPrm)"
	done
done
kill "$viewer"
wait "$viewer" || :

daemon=$(id -u daemon 2>/dev/null) || daemon=
if [ -n "$daemon" ] && [ "$(id -g daemon)" = "$daemon" ]; then
	echo 'user = daemon' >"$work/root/sockwatch/config"
	echo 'user = daemon' >"$work/user/sockwatch/config"
	tmux="tmux -L sockwatch-rights-$$-daemon -f /dev/null"
	$tmux new-session -d -x 100 -y 30 "exec env XDG_CONFIG_HOME=$work/root $sockwatch"
	until_true 'the monitor as another user' find_halves
	is_user viewer "$viewer" "$daemon" "$daemon"
	is_user collector "$collector" "$daemon" "$daemon"
	$tmux send-keys q
	until_true 'all halves to end with the viewer' gone
	tmux="tmux -L sockwatch-rights-$$-theirs -f /dev/null"
	$tmux new-session -d -x 100 -y 30 "exec env SUDO_UID=12345 SUDO_GID=12345 XDG_CONFIG_HOME=$work/user $sockwatch"
	until_true 'the monitor of a user who names another' find_halves
	is_user viewer "$viewer" 12345 12345
	is_user collector "$collector" $nobody $nobody
	$tmux send-keys q
	until_true 'all halves to end with the viewer' gone
fi
for name in no-such-user root; do
	echo "user = $name" >"$work/root/sockwatch/config"
	status=0
	XDG_CONFIG_HOME=$work/root "$sockwatch" list >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] && [ ! -s "$work/out" ] && grep -q "^sockwatch: user: \"$name\" is" "$work/err" || fail "user = $name: $status"
	# Help needs no user.
	for ask in --help --version; do
		XDG_CONFIG_HOME=$work/root "$sockwatch" $ask >"$work/out" || fail "$ask with user = $name"
		[ -s "$work/out" ] || fail "$ask with user = $name: nothing"
	done
done
tmux="tmux -L sockwatch-rights-$$-plain -f /dev/null"

# A user without rights: nobody may look into the half that the viewer commands, and neither counts as hidden.
# A process that may not be entered is shown as root's.
$tmux new-session -d -x 100 -y 30 "exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all $sockwatch"
until_true 'the monitor of a plain user' find_halves
for half in "$keeper" "$collector"; do
	[ "$(status "$half" Uid | cut -f 1)" = 65534 ] || fail "process $half runs as $(status "$half" Uid)"
	grep -q '^#define SANITIZERS 1' "$builddir/config.h" || [ "$(stat -c %u "/proc/$half/fd")" = 0 ] ||
		fail "process $half of a plain user may be entered"
done
end_tmux

# Where root has no other user to become it works all the same, without more capabilities than elsewhere: it may not
# change its user, or a user namespace has root alone.
stays_root() {
	"$@" "$sockwatch" list >"$work/out" 2>"$work/err" || fail "$*: $(cat "$work/err")"
	grep -q LISTEN "$work/out" || fail "$*: no socket is listed"
	rm -f "$work/hold.in"
	mkfifo "$work/hold.in"
	"$@" "$sockwatch" collect --read-only <"$work/hold.in" >/dev/null 2>&1 &
	collect=$!
	children="$children $collect"
	exec 7>"$work/hold.in"
	until_true "the rights of a collector that stays root, $*" has_dropped
	exec 7>&-
	kill $collect
	wait $collect || fail "$*: collect ended with status $?"
}
# It waits for signals, which end it in order, a moment later than that.
has_dropped() {
	[ "$(readlink "/proc/$collect/exe")" = "$(readlink -f "$sockwatch")" ] &&
		[ "$(status "$collect" NoNewPrivs)" = 1 ] && ! bit "$(status "$collect" CapPrm)" $KILL &&
		bit "$(status "$collect" SigBlk)" 14 &&
		[ "$(status "$collect" Uid)" = "$(printf '0\t0\t0\t0')" ]
}
stays_root setpriv --bounding-set=-setuid,-setgid
unshare --user --map-root-user true 2>/dev/null && stays_root unshare --user --map-root-user

# What was left open by whoever started it is closed.
mkfifo "$work/left" "$work/stream"
exec 8<>"$work/left"
record_left() {
	"$sockwatch" collect <"$work/stream" >/dev/null 7<&8 &
	collect=$!
}
record_left
children="$children $collect"
exec 9>"$work/stream"
is_closed() {
	[ -n "$(readlink "/proc/$collect/fd/0")" ] && [ "$(readlink "/proc/$collect/exe")" = "$(readlink -f "$sockwatch")" ] &&
		[ -d "/proc/$collect/fdinfo" ] && ! readlink "/proc/$collect/fd/"* | grep -q "$work/left"
}
until_true 'collect to close what it was given' is_closed

# --rights prints what /proc says of the four, of which one is root without a capability.
"$sockwatch" --rights >"$work/rights" 2>"$work/err" || fail "--rights ended with status $?: $(cat "$work/err")"
[ "$(grep -c '^[a-z]*, process [0-9]*$' "$work/rights")" = 4 ] || fail "--rights: $(cat "$work/rights")"
[ "$(grep -c '^  new privileges  *refused (no_new_privs)$' "$work/rights")" = 4 ] || fail "--rights: $(cat "$work/rights")"
[ "$(sed -n '/^viewer/,/^keeper/s/^  capabilities  *//p' "$work/rights")" = none ] || fail "--rights: $(cat "$work/rights")"
sed -n '/^collector/,/^opener/s/^  capabilities  *//p' "$work/rights" | grep -q net_admin || fail "--rights: $(cat "$work/rights")"
sed -n '/^opener/,$p' "$work/rights" | grep -q -x '  capabilities  *none' || fail "--rights: $(cat "$work/rights")"
! grep -q '^#define HAVE_LIBSECCOMP 1' "$builddir/config.h" ||
	[ "$(grep -c '^  system calls  *filtered (seccomp mode 2' "$work/rights")" = 4 ] || fail "--rights: $(cat "$work/rights")"
