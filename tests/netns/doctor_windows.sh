#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of closed windows and small buffers: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
sndbuf-limited 4 small
zero-window 6 small
local-not-reading 4 small
tcp-memory 4 small
E
