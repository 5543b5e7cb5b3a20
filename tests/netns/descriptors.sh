#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How many descriptors a process has open and how many it may have: as /proc/PID/fd and prlimit(1) show them, after
# both changed, and without rights of the process of another user.
. "${srcdir:-.}/tests/netns/lib.sh"
in_own_netns "$@"
needs prlimit
ip link set lo up

# figures: what the kernel says of the process now.
figures() {
	echo "process $holder open=$(ls "/proc/$holder/fd" | wc -l) limit=$(prlimit --pid "$holder" --nofile --output SOFT --noheadings | tr -d ' ')"
}

start_holder "$builddir/tests/netns/hold" listen4:7000 listen4:7001
record "$sockwatch" collect -d 0.2
until_true 'the descriptors of a listener' says "$(figures)"
prlimit --pid "$holder" --nofile=300:400
case $(figures) in
*limit=300) ;;
*) fail "the limit did not change: $(figures)" ;;
esac
until_true 'a changed limit' says "$(figures)"

# Another user sees them too, but not of which sockets they are.
record setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$sockwatch" collect -d 0.2
until_true 'the descriptors of the process of another user' says "$(figures)"
