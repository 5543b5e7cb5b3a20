#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of connections that a program keeps: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
reconnecting 4 small
close-wait 6 small
half-open-idle 4 small
keepalive-sysctl 6 small
E
