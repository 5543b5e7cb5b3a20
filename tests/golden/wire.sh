#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures in, what every segment meant and how every connection went out. `wire.sh renew` takes over
# what changed, after it has shown it.
builddir=$(pwd)
cd "${srcdir:-.}/tests/golden/wire" || exit 1
segments=${segments:-$builddir/tests/golden/segments}
status=0
for capture in *.pcap; do
	name=${capture%.pcap}
	[ -e "$name.events" ] || [ "${1:-}" != renew ] || : >"$name.events"
	"$segments" -e "$capture" 2>/dev/null | diff -u "$name.events" - || {
		echo "$name: not as expected (- expected, + sockwatch)"
		status=1
		[ "${1:-}" != renew ] || "$segments" -e "$capture" >"$name.events" 2>/dev/null
	}
done
exit $status
