#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The sandbox fits: every command and screen runs in it, with each system call seen (strace). A call that is not listed
# ends a process and is named here; so is one that is listed (src/privilege/sandbox/syscall_table.c) and made by nobody.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs strace tmux tun
grep -q '^#define HAVE_LIBSECCOMP 1' "$builddir/config.h" || skip 'this build does not filter system calls'
start_zoo
ip addr add 192.0.2.7/24 dev lo

tmux="tmux -L sockwatch-sandbox-$$ -f /dev/null"
cleanup_more() {
	$tmux kill-server 2>/dev/null || :
}
on_failure() {
	$tmux capture-pane -p 2>/dev/null || :
	tail -n 3 "$work"/*.err
}

# traced NAME ARGUMENT…: runs a command to its end; what it made is in trace.NAME.
traced() {
	name=$1
	shift
	strace -f -qq -s 20 -o "$work/trace.$name" "$@" >"$work/out" 2>"$work/$name.err" </dev/null || :
}
export HOME="$work/home" TERM=tmux-256color
mkdir "$HOME" "$work/user"
chmod 711 "$work"
chown 65534:65534 "$work/user"
traced list "$sockwatch" list --netns all
traced fields "$sockwatch" list --json
traced collect timeout -s TERM 3 "$sockwatch" collect --netns all
"$sockwatch" collect --netns all >"$work/box.pcap" 2>/dev/null </dev/null &
recorder=$!
children="$children $recorder"
is_complete() {
	"$sockwatch" list --from "$work/box.pcap"
}
until_true 'a recording' is_complete
kill $recorder
wait $recorder 2>/dev/null || :
traced record timeout -s INT 3 "$sockwatch" record "$work/home/recorded.pcap"
[ -s "$HOME/recorded.pcap" ] || fail 'nothing was recorded'
traced index "$sockwatch" list --from "$HOME/recorded.pcap"
traced from "$sockwatch" list --from "$work/box.pcap" --at -1s
traced read "$sockwatch" events -r "$work/box.pcap"
traced events timeout -s INT 3 "$sockwatch" events --data
traced metrics "$sockwatch" metrics --write "$HOME/box.prom"
[ -s "$HOME/box.prom" ] || fail 'no metrics were written'
traced counters "$sockwatch" counters
traced ports "$sockwatch" ports
traced doctor "$sockwatch" doctor
traced resolve "$sockwatch" resolve localhost 192.0.2.7 nothing.invalid
traced connect "$sockwatch" connect localhost 9
traced probe "$sockwatch" probe -c 1 --report localhost
traced tcp "$sockwatch" probe -c 1 --report --tcp 192.0.2.7
traced udp "$sockwatch" probe -c 1 --report --udp ::1

# Screens: each page and overlay, settings and an export that are written, names, a probe, the end.
shows() {
	$tmux capture-pane -p | grep -q -- "$1"
}
# keys WHAT-THEN-SHOWS KEY…
keys() {
	what=$1
	shift
	$tmux send-keys "$@"
	until_true "$what after the keys $*" shows "$what"
}
# begin NAME FOLDER [VARIABLE=VALUE…] COMMAND…: in that folder.
begin() {
	trace=$work/trace.$1
	folder=$2
	shift 2
	$tmux new-session -d -x 120 -y 40 "cd $folder && exec strace -f -qq -s 20 -o $trace env $*"
}
gone() {
	! $tmux list-panes
}
# A key that comes before it is read is the shell's.
ends() {
	$tmux send-keys q
	gone
}
# tour NAME FOLDER COMMAND…: FOLDER is the home of the one who writes.
tour() {
	name=$1
	folder=$2
	shift 2
	begin "$name" "$folder" "HOME=$folder" "$@"
	until_true 'the table' shows CLOSE-WAIT
	keys 'who ' Enter
	keys 'RECV-Q' Escape
	keys 'Sort by' F6
	keys 'RECV-Q' Escape
	keys 'Filter' F4
	keys 'TIME-WAIT' -l 'state time-wait'
	keys 'F1Help' Enter
	for page in 2 3 4 5 6 7 8 9; do
		$tmux send-keys $page
		sleep 0.3
	done
	keys 'RECV-Q' 1
	keys 'Write to file' w
	keys 'wrote' Enter
	keys 'Columns shown' F2
	$tmux send-keys Escape
	$tmux send-keys n
	sleep 1
	until_true 'the end of the monitor' ends
	[ -n "$(ls "$folder"/sockwatch-*)" ] || fail 'no export was written'
	[ -s "$folder/.config/sockwatch/history" ] || fail 'the history was not written'
}
# What root writes, the opener writes; under sudo the viewer does, as the one who typed it.
tour monitor "$HOME" "$sockwatch" --netns all
tour sudo "$work/user" SUDO_UID=65534 SUDO_GID=65534 "$sockwatch" --netns all
begin path "$HOME" "$sockwatch" probe localhost
until_true 'the path' shows localhost
until_true 'the end of the screen of paths' ends

# Which process is which, and since when its sandbox is in force.
for trace in "$work"/trace.*; do
	awk -f "$srcdir/tests/netns/sandbox.awk" -v command="${trace##*.}" "$trace"
done | sort -u >"$work/made"
! grep '^BREACH' "$work/made" || fail 'a system call that is needed is not listed'
"$builddir/tests/netns/syscalls" >"$work/listed"
for role in viewer keeper opener collector; do
	[ "$(grep -c "^$role " "$work/made")" -gt 5 ] || fail "nothing was seen of the $role"
done
grep -v '^lookup' "$work/listed" | sed -n 's/ here$//p' | sort | comm -23 - "$work/made" >"$work/unused"
[ ! -s "$work/unused" ] || {
	cat "$work/unused"
	fail 'these calls are listed, and nobody made them'
}
