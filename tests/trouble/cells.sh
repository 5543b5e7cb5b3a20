# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests that judge doctor by troubles: runs cells of the matrix, a few at a time, for most of their
# time is waiting.
. "${srcdir:-.}/tests/lib.sh"
cells_at_once=${CELLS_AT_ONCE:-3}

# run_cells: reads lines "KIND FAMILY SCALE". Fails when one fails; skips when none could be made.
run_cells() {
	needs root ip ss jq unshare nsenter setpriv netns tun xargs
	# What a cell prints comes out whole.
	# shellcheck disable=SC2016
	xargs -P "$cells_at_once" -L 1 sh -c '
		out=$1/$2-$3-$4
		shift
		status=0
		"$srcdir/tests/trouble/matrix.sh" "$@" >"$out" 2>&1 || status=$?
		echo $status >"$out.status"
		cat "$out"' sh "$work"
	bad=$(grep -L -x -e 0 -e 77 "$work"/*.status) || :
	[ -z "$bad" ] || fail "$(for file in $bad; do basename "$file" .status; done | tr '\n' ' ')"
	grep -q -x 0 "$work"/*.status || skip 'no trouble could be made here'
}
export srcdir
