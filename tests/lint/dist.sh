#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make dist packs every file that git tracks. A folder named in EXTRA_DIST is packed whole.
builddir=$(pwd)
cd "${srcdir:-.}" || exit 1
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || {
	echo 'not a git checkout: what should be packed is not known'
	exit 77
}
tracked=$(git ls-files)
cd "$builddir" || exit 1
packed=$(${MAKE:-make} -s --no-print-directory print-distfiles | tr ' ' '\n' | sort -u)
lost=$(printf '%s\n' "$tracked" | while read -r file; do
	part=$file
	until printf '%s\n' "$packed" | grep -qxF "$part"; do
		case $part in
		*/*) part=${part%/*} ;;
		*) echo "$file" && break ;;
		esac
	done
done)
[ -z "$lost" ] || {
	echo 'in git, but not in the tarball (name it in a local.mk):'
	printf '%s\n' "$lost"
	exit 1
}
