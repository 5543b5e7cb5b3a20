#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/golden/renew.sh [write]: run in the build folder. Shows how the present output differs from the expected
# one; with "write" the present one becomes the expected one.
srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$srcdir/tests/golden/lib.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

show() {
	[ -e "$golden/list/$1" ] || echo "new: $1"
	diff -uN "$golden/list/$1" "$work/$1"
	[ "$mode" != write ] || cp "$work/$1" "$golden/list/$1"
}
mode=${1:-show}
each_case show
