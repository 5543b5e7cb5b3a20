#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make matrix: doctor's whole confusion matrix: every kind of trouble, IPv4 and IPv6, small and large, and a healthy
# box for ten minutes. all.sh [KIND…]: these kinds only. Prints a line for each cell.
. "${srcdir:-.}/tests/trouble/cells.sh"
. "$srcdir/tests/trouble/rows.sh"
export HEALTHY_SECONDS="${HEALTHY_SECONDS:-600}"
kinds=$*
[ -n "$kinds" ] || kinds="healthy $(printf '%s\n' "$trouble_rows" | awk 'NF { print $1 }')"
for kind in $kinds; do
	for family in 4 6; do
		for scale in small large; do
			echo "$kind $family $scale"
		done
	done
done | run_cells
