#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Many targets at once, whose answers are not waited for but read now and then: all of them are shown. Routers and
# targets are in a process behind a TUN device.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs tun
ip link set lo up

# Collector and viewer in percent of a core, probes and answers a second, percent answered: only the last does not
# depend on the speed of the machine; an answer that comes a second after its probe is not waited for at the end.
"$builddir/tests/bench/probes" "$sockwatch" 20 6 3 1000 >"$work/figures" || fail 'the collector has ended'
awk '{ exit !($3 > 0 && $5 >= 98 && $5 <= 102) }' "$work/figures" || {
	cat "$work/figures"
	fail 'answers are missing'
}
