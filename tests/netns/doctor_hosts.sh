#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of listeners, scans, datagrams and connection tracking: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
port-scan 4 small
illegal-flags 6 small
new-listener 4 small
listener-on-all 6 small
new-client 4 small
new-destination 6 small
udp-drops 4 small
conntrack 6 small
sysctl 4 small
E
