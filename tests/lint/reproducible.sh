#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The program holds no path of the folder where it was built, nor of its source: another folder gives the same bytes.
builddir=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd)
status=0
# Sanitizers keep the names of sources for their reports: there only the object for the kernel is looked at.
files='sockwatch src/collector/bpf/callers.bpf.o'
! nm sockwatch 2>/dev/null | grep -q __asan_init || files=src/collector/bpf/callers.bpf.o
for file in $files; do
	[ -e "$file" ] || continue
	for path in "$srcdir/src" "$builddir/" ../src/; do
		! LC_ALL=C grep -a -o -F -e "$path" "$file" | head -1 | grep . || {
			echo "$file holds this path"
			status=1
		}
	done
done
[ -e sockwatch ] || { echo 'there is no program to look at' && exit 1; }
exit $status
