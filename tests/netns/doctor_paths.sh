#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of loss, holes and queues on the path: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
loss 4 small
bufferbloat 6 small
peer-gone 4 small
pmtu-blackhole 6 small
E
