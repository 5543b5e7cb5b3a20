#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the checks of distributions look for in a program, read from the program as it was built: it can be loaded
# anywhere, its tables of addresses are read only once it runs, its stack is not executable, copies are checked, and
# functions guard their stack.
export LC_ALL=C
command -v readelf >/dev/null || { echo 'needs readelf' && exit 77; }
[ -e sockwatch ] || { echo 'there is no program to look at' && exit 1; }
! grep -q '^#define SANITIZERS 1' config.h || { echo 'a build with sanitizers is not for use' && exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
readelf -Wh sockwatch >"$work/header"
readelf -Wl sockwatch >"$work/segments"
readelf -Wd sockwatch >"$work/dynamic"
readelf -Ws sockwatch | awk '$7 == "UND" { sub(/@.*/, "", $8); print $8 }' >"$work/symbols"
status=0

# has WHAT FILE PATTERN, lacks WHAT FILE PATTERN
has() {
	grep -q -E -- "$3" "$work/$2" || {
		echo "the program: $1"
		status=1
	}
}
lacks() {
	! grep -q -E -- "$3" "$work/$2" || {
		echo "the program: $1"
		status=1
	}
}

# can OPTION…: the compiler takes them, and makes a program of the source.
source='int main(void) { return 0; }'
compiler=$(sed -n 's/^CC = //p' Makefile)
flags=$(sed -n 's/^CFLAGS = //p' Makefile)
can() {
	# Word splitting is meant.
	# shellcheck disable=SC2086
	printf '%s\n' "$source" |
		$compiler $flags -Werror "$@" -x c -o "$work/program" - 2>/dev/null
}

if can -fPIE -pie; then
	has 'is not position independent' header 'Type: *DYN'
	has 'is a library, not a position-independent program' dynamic 'FLAGS_1.* PIE'
fi
has 'has no segment that is read only after start (RELRO)' segments GNU_RELRO
has 'binds functions when they are called first (no BIND_NOW)' dynamic 'BIND_NOW|FLAGS_1.* NOW'
has 'says nothing about its stack' segments GNU_STACK
lacks 'has an executable stack' segments 'GNU_STACK.* R?WE '
lacks 'has a segment that is writable and executable' segments 'LOAD.* RWE '
lacks 'has relocations in its text' dynamic TEXTREL
lacks 'looks for libraries in a folder of its own' dynamic 'RPATH|RUNPATH'

# A C library that has no checked copies (musl) leaves none in a small program either.
source='#include <stdio.h>
#include <string.h>
int main(int count, char **words) { char copy[8]; strcpy(copy, words[count - 1]); return puts(copy); }'
if can -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 && readelf -Ws "$work/program" | grep -q __strcpy_chk; then
	case $flags in
	*-O0* | *_FORTIFY_SOURCE=0*) ;;
	*-O*) has 'has no checked copies (_FORTIFY_SOURCE)' symbols '^__(snprintf|memcpy|vsnprintf)_chk$' ;;
	esac
fi
source='int main(void) { return 0; }'
! can -fstack-protector-strong || has 'has no guards in its stack frames' symbols '^__stack_chk_(fail|guard)'

# marks FILE…: lines "FILE MARK" for what control flow is marked for; the processor checks a program whose every object
# is. So the program is marked only where the C library's own objects are, and ours are in any case.
marks() {
	readelf -Wn "$@" 2>/dev/null | awk '
		/^File: / { file = $2 }
		/(x86|AArch64) feature: / { sub(/.*feature: */, ""); gsub(/[, ]+/, "\n" file " "); print file " " $0 }'
}
for option in -fcf-protection -mbranch-protection=standard; do
	can $option || continue
	marks "$work/program" "$work/program" | sed 's/.* //' | sort -u >"$work/wanted"
	marks sockwatch sockwatch | sed 's/.* //' | sort -u | comm -23 "$work/wanted" - >"$work/lacking"
	sed "s/^/the program: is not marked, although $option marks others: /" "$work/lacking"
	[ ! -s "$work/lacking" ] || status=1
	echo 'int one(void) { return 1; }' | $compiler -O2 $option -x c -c -o "$work/object" - || continue
	find src -name '*.o' ! -name '*.bpf.o' | sort >"$work/objects"
	# shellcheck disable=SC2046
	marks $(cat "$work/objects") >"$work/marked"
	for mark in $(marks "$work/object" "$work/object" | sed 's/.* //' | sort -u); do
		awk -v mark="$mark" '$2 == mark { print $1 }' "$work/marked" | sort | comm -23 "$work/objects" - >"$work/lacking"
		sed "s/^/not marked for $mark: /" "$work/lacking"
		[ ! -s "$work/lacking" ] || status=1
	done
	break
done
exit $status
