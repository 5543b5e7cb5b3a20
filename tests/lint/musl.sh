#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where musl-tools is installed: what was built here compiles with musl's headers too. The kernel's and the libraries'
# headers come from a folder of links, so that none of glibc's is taken for one of musl's.
command -v musl-gcc >/dev/null || { echo 'needs musl-gcc (musl-tools)' && exit 77; }
srcdir=$(cd "${srcdir:-.}" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/include"
multiarch=/usr/include/$(cc -print-multiarch 2>/dev/null)
for name in ares.h ares_build.h ares_dns.h ares_dns_record.h ares_nameser.h ares_rules.h ares_version.h asm asm-generic bpf \
	cap-ng.h curses.h eti.h idn2.h libmnl linux ncurses.h ncurses_dll.h pcap pcap-bpf.h pcap.h term.h unctrl.h; do
	for folder in /usr/include "$multiarch"; do
		[ ! -e "$folder/$name" ] || ln -sf "$folder/$name" "$work/include/$name"
	done
done

# The sources of the objects of this build: some are for other machines.
find src -name '*.o' ! -name '*.bpf.o' | sed 's,/[a-z]*_a-\([^/]*\)$,/\1,; s/o$/c/' | sort -u >"$work/sources"
[ "$(wc -l <"$work/sources")" -gt 100 ] || { echo 'the program is not built here' && exit 1; }
xargs -P "$(nproc)" -n 8 sh -c 'work=$0 srcdir=$1 status=0
	shift
	for source; do
		[ -e "$srcdir/$source" ] || continue
		musl-gcc -std=gnu11 -fsyntax-only -w -Werror=implicit-function-declaration -DHAVE_CONFIG_H -I. \
			-I"$srcdir/include" -I"$srcdir/src" -Isrc/collector/bpf -Isrc/privilege/sandbox -idirafter "$work/include" "$srcdir/$source" 2>&1 || status=1
	done
	exit $status' "$work" "$srcdir" <"$work/sources" >"$work/errors" && exit 0
grep -E 'error' "$work/errors"
exit 1
