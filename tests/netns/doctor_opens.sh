#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of connects that fail, and ports that run out: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
slow-handshake 4 small
syn-sent-pile 6 small
scan-by-us 4 small
port-exhaustion 6 small
time-wait-many 4 small
refused 6 small
E
