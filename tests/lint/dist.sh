#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make dist packs every file that git tracks. A folder named in EXTRA_DIST is packed whole.
builddir=$(pwd)
cd "${srcdir:-.}" || exit 1
# The files may belong to another user: nothing of the repository is run.
git() {
	command git -c safe.directory='*' "$@"
}
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || {
	echo 'not a git checkout: what should be packed is not known'
	exit 77
}
tracked=$(git ls-files)
cd "$builddir" || exit 1
lost=$({
	${MAKE:-make} -s --no-print-directory print-distfiles | tr ' ' '\n'
	echo ---
	printf '%s\n' "$tracked"
} | awk '
	/^---$/ { listing = 1; next }
	!listing { packed[$0] = 1; next }
	{
		part = $0
		while (!(part in packed) && sub(/\/[^\/]*$/, "", part))
			;
		if (!(part in packed)) print $0
	}')
[ -z "$lost" ] || {
	echo 'in git, but not in the tarball (name it in a local.mk):'
	printf '%s\n' "$lost"
	exit 1
}
