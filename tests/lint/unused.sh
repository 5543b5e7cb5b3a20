#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every public function is used by another file. The compiler's symbol tables show who uses what. A use by a test
# counts only for a function that its own file calls too (a part that a test checks by itself), and for one that
# frees what the test has made.
command -v nm >/dev/null || { echo 'needs nm' && exit 77; }
srcdir=${srcdir:-.}
ls src/*/*.o tests/unit/*.o >/dev/null 2>&1 || { echo 'needs the objects of make check' && exit 77; }

# Objects whose source is still there, as a build tree may be older than its sources; not the program that runs in
# the kernel, because libbpf finds its parts by name.
objects=$(find src tests -name '*.o' ! -name '*.bpf.o' | while read -r object; do
	source=${object##*/}
	source=${object%/*}/${source#*-}
	[ ! -f "$srcdir/${source%.o}.c" ] || echo "$object"
done)

# shellcheck disable=SC2086
unused=$(nm -A -g $objects | awk '
	{
		object = $1
		sub(/:.*/, "", object)
		name = $NF
		kind = $(NF - 1)
		if (kind == "U") {
			if (object ~ /^src/) used[name] = 1
			else tested[name] = 1
		} else if (kind ~ /^[TDBR]$/ && object ~ /^src/ && name !~ /^(main$|_)/)
			home[name] = object
	}
	END {
		for (name in home)
			if (!(name in used))
				print name, home[name], (name in tested) ? "tests" : "nobody"
	}' | sort | while read -r name object user; do
	source=${object##*/}
	source=$srcdir/${object%/*}/${source#*-}
	source=${source%.o}.c
	places=$(grep -v '^[ \t]*[/ ]\*' "$source" | grep -o -w -e "$name" | wc -l)
	if [ "$user" = nobody ] && [ "$places" -gt 1 ]; then
		echo "$source: $name is used in this file only: make it static"
	elif [ "$user" = nobody ]; then
		echo "$source: nobody uses $name"
	elif [ "$places" -le 1 ] && [ "${name%_fini}" = "$name" ]; then
		echo "$source: only a test uses $name"
	fi
done)
[ -z "$unused" ] || {
	printf '%s\n' "$unused"
	exit 1
}
