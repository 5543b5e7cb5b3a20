#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of listeners whose queues overflow: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
syn-flood 4 small
syn-queue-drops 6 small
syn-backlog-small 4 small
accept-queue 6 small
fd-limit 4 small
E
