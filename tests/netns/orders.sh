#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a viewer that was taken over may order, written to the collector by hand: the sockets that it names, processes
# that hold one that it was shown, a bounded number of probes, the network namespaces of the command line. All else is
# refused in a sentence, counted, and not done.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs jq
ip link set lo up
start_holder "$builddir/tests/netns/hold" listen4:8000 dual:8001 full:8002
sleep 1000 </dev/null >/dev/null &
idler=$!
children="$children $idler"

order=$builddir/tests/netns/order
mkfifo "$work/orders" "$work/stream"
"$sockwatch" collect -d 0.1 <"$work/stream" >"$work/box.pcap" &
collector=$!
"$order" <"$work/orders" >"$work/stream" &
children="$children $collector $!"
exec 8>"$work/orders"
answers() {
	"$order" "$work/box.pcap" >"$work/answers" 2>/dev/null
}
answered() {
	answers && grep -q "$1" "$work/answers"
}
on_failure() {
	cat "$work/answers"
}

# The collector answers in order; a request that does nothing marks the end of those before it.
mark=1000
settle() {
	mark=$((mark + 1))
	echo "signal $mark 1 1 1 15" >&8
	until_true 'an answer' answered "^result $mark "
}
# refused REQUEST WHAT PATTERN
refused() {
	grep "^result $1 [1-9]" "$work/answers" | grep -q -e "$3" || fail "$2 is not refused: $(grep "^result $1 " "$work/answers")"
}
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20
}
alive() {
	kill -0 "$1" 2>/dev/null || fail "process $1 was killed: $2"
}

echo 'subscribe own' >&8
shown() {
	"$builddir/tests/netns/facts" "$work/box.pcap" 2>/dev/null | grep -q "^process $holder "
}
until_true 'the holder' shown
"$sockwatch" list --json port 8000 >"$work/listener"
inode=$(jq -r .inode "$work/listener")
[ "$(jq -r .pid "$work/listener")" = "$holder" ] || fail 'the listener has another owner'

# Signals: each number but nine, process 1, our own, one without sockets, a socket that it does not hold, none at all.
for number in 0 4 5 6 7 8 11 13 14 16 17 20 21 22 23 34 64 65 4294967295; do
	echo "signal 1 $holder $(ticks $holder) $inode $number" >&8
	settle
	refused 1 "signal $number" 'only TERM, HUP'
done
echo "signal 2 1 $(ticks 1) $inode 9" >&8
echo "signal 3 $collector $(ticks $collector) $inode 9" >&8
echo "signal 4 $idler $(ticks $idler) $inode 9" >&8
echo "signal 5 $holder $(ticks $holder) 0 9" >&8
echo "signal 6 $holder 1 $inode 9" >&8
echo "signal 7 $holder $(ticks $holder) 1 9" >&8
settle
refused 2 'a signal to process 1' 'process 1 '
refused 3 'a signal to the collector' 'sockwatch itself'
refused 4 'a signal to a process without sockets' 'does not hold'
refused 5 'a signal without a socket' 'not chosen by a socket'
refused 6 'a signal to a later process' 'already gone'
refused 7 'a signal for the socket of another' 'does not hold'
alive $holder 'by a signal'
alive $idler 'by a signal'

# Closing: without a cookie, with the kernel's word for any, with a wrong one.
pair=$("$sockwatch" list --json 'state established and lport 8002' | head -1)
tuple="$(echo "$pair" | jq -r '"4 \(.local_addr) \(.local_port) \(.remote_addr) \(.remote_port)"')"
cookie=$(echo "$pair" | jq -r .cookie)
echo "destroy 10 1 $tuple 0" >&8
echo "destroy 11 1 $tuple 18446744073709551615" >&8
echo "destroy 12 1 $tuple $((cookie + 100000))" >&8
echo "destroy 13 77 $tuple $cookie" >&8
settle
until_true 'the answer of the kernel' answered '^result 13 '
refused 10 'to close any socket by 0' 'by its cookie'
refused 11 'to close any socket by all ones' 'by its cookie'
refused 12 'to close a socket by the cookie of another' 'not closed'
refused 13 'to close a socket of an unknown namespace' 'not closed'
same_pair() {
	[ "$("$sockwatch" list --json 'state established and lport 8002' | jq -r .cookie)" = "$cookie" ]
}
same_pair || fail 'a socket was closed'

# Namespaces that the command line did not name.
echo 'subscribe all' >&8
until_true 'a refusal of all namespaces' answered '^notice refused: a network namespace'
[ "$(grep -c '^namespace' "$work/answers")" = 1 ] || fail 'another namespace was looked into'

# Probes: 200 targets of 16 flows each 20 ms are 160,000 packets a second, and 3,800 descriptors.
i=0
while [ $i -lt 200 ]; do
	i=$((i + 1))
	echo "probe $i 127.0.1.$i 16 64 20 1000"
done >&8
until_true 'a refusal of probes' answered '^probe 200 [1-9].*at most 2048 descriptors'
until_true 'a word on the speed' answered '^notice the probes of all targets are more'
[ "$(ls "/proc/$collector/fd" | wc -l)" -lt 2200 ] || fail "the collector has $(ls "/proc/$collector/fd" | wc -l) descriptors"
# A second's worth at once, and what comes in that second.
busy() {
	answers && [ "$(sed -n 's/^packets \([0-9]*\) .*/\1/p' "$work/answers")" -gt 4000 ]
}
until_true 'a busy second' busy
sed -n 's/^packets //p' "$work/answers" | {
	read -r packets bytes
	[ "$packets" -le 10100 ] || fail "$packets probes in a second"
	[ "$bytes" -le 10100000 ] || fail "$bytes bytes of probes in a second"
}

# Each refusal was counted (7 is LOSS_REQUESTS).
refusals=$(sed -n 's/^loss 7 //p' "$work/answers")
[ "$refusals" -ge 30 ] || fail "$refusals requests were counted as refused"

# What is allowed is done.
echo "destroy 20 1 $tuple $cookie" >&8
until_true 'the closing' answered '^result 20 0 '
echo "signal 21 $holder $(ticks $holder) $inode 15" >&8
until_true 'the signal' answered '^result 21 0 '
ended() {
	! kill -0 $holder 2>/dev/null
}
until_true 'the end of the holder' ended
