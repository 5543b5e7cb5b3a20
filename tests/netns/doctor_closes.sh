#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of closes that do not end, and resets: made with real sockets, judged beside ss and the
# kernel's counters (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
resets-by-peer 4 small
resets-by-us 6 small
fin-wait-1-pile 4 small
last-ack-pile 6 small
closing-pile 4 small
orphans 4 small
fin-wait-2 6 small
E
