#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of a busy box without trouble: nothing above info, as root and as a plain user
# (tests/trouble/matrix.sh).
. "${srcdir:-.}/tests/trouble/cells.sh"
run_cells <<'E'
healthy 4 small
E
