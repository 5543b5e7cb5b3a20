#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# record: a file for its owner alone that is never overwritten, gone on with and repaired by --append; a ring whose
# bound holds at every moment, and whose files each open alone and show what list showed; disks that are full.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs mounts

ip link set lo up

on_failure() {
	cat "$work"/*.err 2>/dev/null || :
	ls -l "$work" "$work/ring" 2>/dev/null || :
}

cleanup_more() {
	umount -l "$work/disk" 2>/dev/null || :
}

start_dial server serve 127.0.0.1 80
start_dial client 127.0.0.1 80 300
sockets=601

# What a recording has of the sockets and of who holds them, at its end.
normal() {
	jq -r '[.proto, .state, .local_addr, .local_port, .remote_addr, .remote_port, .pid, .process, .user, .inode] |
		map(tostring) | join(" ")' | sort
}
listed() {
	"$sockwatch" list --from "$1" --json 2>"$work/list.err" | normal
}
all_are_there() {
	"$sockwatch" list --json | normal >"$work/live"
	[ "$(grep -c dial "$work/live")" -ge $sockets ]
}
until_true "$sockets sockets" all_are_there

# run NAME ARGUMENT…: a record that runs; its number in $pid.
run() {
	name=$1
	shift
	"$sockwatch" record -d 0.1 "$@" >"$work/$name.out" 2>"$work/$name.err" &
	pid=$!
	children="$children $pid"
}
# ended WHAT STATUS
ended() {
	status=0
	wait $pid || status=$?
	[ $status = "$2" ] || fail "$1: record ended with status $status"
}
bytes_of() {
	wc -c <"$1"
}
has_snapshot() {
	"$sockwatch" list --from "$1" >"$work/list.out" 2>"$work/list.err" && ! grep -q 'within its first snapshot' "$work/list.err"
}
is_larger() {
	[ "$(bytes_of "$1")" -gt "$2" ]
}

# One file: for its owner alone whatever the umask, and all in it.
umask 000
run one "$work/one.pcap"
until_true 'a first snapshot' has_snapshot "$work/one.pcap"
kill -TERM $pid
ended 'one file' 0
[ "$(stat -c %a "$work/one.pcap")" = 600 ] || fail "the file has mode $(stat -c %a "$work/one.pcap")"
grep -q 'one.pcap: .* snapshots\{0,1\}, 0 lost; `sockwatch list --from .*/one.pcap` shows it' "$work/one.err" || fail 'the last line'
listed "$work/one.pcap" >"$work/then"
same 'a recording against list' "$work/live" "$work/then"
[ ! -s "$work/list.err" ] || fail 'a recording that was ended in order is complete'

# It is not overwritten; --force replaces it; a link is not followed.
size=$(bytes_of "$work/one.pcap")
run again "$work/one.pcap"
ended 'a file that is there' 2
grep -q 'one.pcap is there already: --append goes on behind it, --force replaces it' "$work/again.err" || fail 'why it was refused'
[ "$(bytes_of "$work/one.pcap")" = "$size" ] || fail 'it was overwritten'
ln -s one.pcap "$work/link.pcap"
for how in --append --force; do
	run link $how "$work/link.pcap"
	ended "$how of a link" 2
	grep -q 'link.pcap: it is a symbolic link' "$work/link.err" || fail 'why a link was refused'
done
[ "$(bytes_of "$work/one.pcap")" = "$size" ] || fail 'the link was followed'

# --append goes on behind it, with an index at the end again, also where it was cut within a record.
run more --append --for 2 "$work/one.pcap"
ended 'going on' 0
is_larger "$work/one.pcap" "$size" || fail 'nothing was appended'
truncate -s -1000 "$work/one.pcap"
run more --append --for 2 "$work/one.pcap"
ended 'going on behind a cut' 0
listed "$work/one.pcap" >"$work/then"
same 'a recording that was gone on with' "$work/live" "$work/then"
[ ! -s "$work/list.err" ] || fail 'it was not repaired'
echo 'this is a text of more bytes than the header of a file of packets has, which is 24' >"$work/text"
run text --append "$work/text"
ended '--append of a text' 2
grep -q 'text cannot be gone on with' "$work/text.err" || fail 'why a text is refused'
[ "$(bytes_of "$work/text")" -gt 80 ] || fail 'the text was cut'

# Killed at any moment: what was complete is there.
for wait in 0.11 0.23 0.37 0.52 0.71; do
	rm -f "$work/killed.pcap"
	run killed "$work/killed.pcap"
	until_true 'a first snapshot' has_snapshot "$work/killed.pcap"
	sleep $wait
	kill -KILL $pid
	wait $pid || :
	listed "$work/killed.pcap" >"$work/then"
	same 'a recording whose writer was killed' "$work/live" "$work/then"
done

# A ring: after each SIGUSR1 another file. The sum never exceeds the bound, and no file of it needs another.
mkdir -m 755 "$work/ring"
chmod 755 "$work"
# The files of a ring are made when nothing is root any more.
run ring --max-size 2M --files 5 "$work/ring/box.pcap"
ended 'a ring in a directory of root' 2
grep -q 'give this user the directory with chown' "$work/ring.err" || fail 'why there is no ring'
chown 65534 "$work/ring"
run ring --max-size 2M --files 5 "$work/ring/box.pcap"
watch_size() {
	while :; do
		du -b -s "$work/ring" | cut -f 1
		sleep 0.05
	done
}
watch_size >"$work/sizes" &
watcher=$!
children="$children $watcher"
number_of_last() {
	ls "$work/ring" | sed -n '$s/box_0*\([0-9]*\)_.*/\1/p'
}
has_file() {
	ls "$work/ring" | grep -q "box_0*$1_"
}
until_true 'file 1' has_file 1
for number in 2 3 4 5 6 7 8 9 10 11 12; do
	kill -USR1 $pid
	until_true "file $number" has_file $number
done
kill -USR2 $pid
sleep 0.3
kill -TERM $pid
ended 'a ring' 0
kill $watcher
grep -q 'older files removed' "$work/ring.err" || fail 'what was removed is not told'
most=$(sort -n "$work/sizes" | tail -1)
folder=$(mkdir "$work/empty" && du -b -s "$work/empty" | cut -f 1)
[ $((most - folder)) -le 2097152 ] || fail "the ring took $((most - folder)) bytes"
count=$(ls "$work/ring" | wc -l)
[ "$count" -ge 2 ] && [ "$count" -le 5 ] || fail "$count files are there"
for piece in "$work"/ring/*; do
	listed "$piece" >"$work/then"
	same "$piece alone" "$work/live" "$work/then"
	[ ! -s "$work/list.err" ] || fail "$piece is not complete"
done

# Another run goes on with the numbers, and keeps the bound with what is there.
last=$(number_of_last)
run ring --max-size 2M --files 5 --for 3 "$work/ring/box.pcap"
ended 'a ring again' 0
[ "$(number_of_last)" -gt "$last" ] || fail 'a number came twice'
[ "$(du -b -s "$work/ring" | cut -f 1)" -le $((2097152 + folder)) ] || fail 'the bound is for each run'
run small --max-size 1M "$work/ring/small.pcap"
ended 'a bound below four times what there is' 2
grep -q 'is too small for this box: all of its sockets once take .*, and there must be room for 4 times that' "$work/small.err" ||
	fail 'why it is too small'

# A full disk ends it with a sentence; what is there ends with a whole record and opens.
mkdir "$work/disk"
mount -t tmpfs -o size=700k none "$work/disk"
run full "$work/disk/full.pcap"
(while :; do "$dial" 127.0.0.1 80 1 </dev/null; done) >/dev/null 2>&1 &
noise=$!
children="$children $noise"
status=0
wait $pid || status=$?
kill $noise
[ $status = 1 ] || fail "on a full disk it ended with $status"
grep -q 'cannot write full.pcap: the disk is full' "$work/full.err" || fail 'why it ended'
listed "$work/disk/full.pcap" >"$work/then"
[ "$(grep -c ESTABLISHED "$work/then")" -ge 600 ] || fail 'what is there does not open'

# What makes no sense is refused before anything is written.
refused() {
	why=$1
	shift
	run refused "$@"
	ended "$*" 2
	grep -q -e "$why" "$work/refused.err" || fail "$*: $(cat "$work/refused.err")"
}
refused 'needs a file to write'
refused 'is a directory; name a file in it' "$work/ring/"
refused 'cannot open the directory of' "$work/none/x.pcap"
refused 'is not a number of bytes; use 1.0M to' --max-size 5 "$work/x.pcap"
refused 'a ring goes on behind its own files' --max-size 2M --append "$work/x.pcap"
refused 'standard output' --max-age 1h -
refused '--files is of a ring' --files 3 "$work/x.pcap"
refused 'is no regular file' --force /dev/null
[ ! -e "$work/x.pcap" ] || fail 'a refused one left a file'
"$sockwatch" record --for 3 - 2>"$work/pipe.err" | "$sockwatch" list --from - --json 2>/dev/null | normal >"$work/then"
grep -c ESTABLISHED "$work/then" >/dev/null || fail 'to a pipe'
