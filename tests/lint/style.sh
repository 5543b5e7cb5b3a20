#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The dialect, as far as a script can see it: the form of header guards, `sizeof x` for expressions,
# `== NULL` for pointers, `static_assert`, a comment at the head of each source file, and the layout that
# clang-format 14 makes.
cd "${srcdir:-.}" || exit 1

breaches=$(
	find src include tests -name '*.[ch]' | sort | xargs awk '
	function breach(text) {
		print FILENAME ":" FNR ": " text
	}
	# A name that is declared as a pointer, as a parameter or at the start of a line.
	function note_pointers(line, name) {
		while (match(line, /[A-Za-z_0-9] \*+(const )?[a-z_][a-z_0-9]*/)) {
			name = substr(line, RSTART, RLENGTH)
			sub(/.*[* ]/, "", name)
			pointers[name] = 1
			line = substr(line, RSTART + RLENGTH)
		}
	}
	# A name that a condition takes bare, after a bang or alone.
	function check_pointers(line, name) {
		while (match(line, /(!|[^_a-z](if|while) \(|&& |\|\| )[a-z_][a-z_0-9]*( (&&|\|\|)|\)|;| \?)/)) {
			name = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH - 1)
			gsub(/^(!|[^_a-z]?(if|while) \(|&& |\|\| )|( (&&|\|\|)|\)|;| \?)$/, "", name)
			if (name in pointers)
				breach("write " name " == NULL or " name " != NULL")
		}
	}
	FNR == 1 {
		guard = FILENAME
		sub(/^include\/sockwatch\//, "", guard)
		sub(/^src\//, "", guard)
		gsub(/[\/.-]/, "_", guard)
		guard = "SOCKWATCH_" toupper(guard)
		is_guarded = FILENAME !~ /\.h$/
		has_head = FILENAME !~ /^src\/.*\.c$/
		split("", pointers)
		in_macro = 0
	}
	/^#ifndef / && !is_guarded {
		if ($2 != guard) breach("the header guard is " guard ", not " $2)
		is_guarded = 1
	}
	# The comment stands between the line of the licence and the first include.
	FNR > 1 && /^\/\*/ { has_head = 1 }
	/^#include/ && !has_head {
		breach("a comment before the includes shows what this file does")
		has_head = 1
	}
	{
		code = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
		gsub(/\/\*.*\*\//, "", code)
		is_macro = in_macro || code ~ /^#[ \t]*define/
		in_macro = is_macro && code ~ /\\$/
	}
	/^[ \t]*\/?\*( |\/|$)/ { next }
	!is_macro && match(code, /sizeof\([^()]*\)/) {
		inner = substr(code, RSTART + 7, RLENGTH - 8)
		sub(/^(const |volatile )+/, "", inner)
		if (inner !~ /^(struct|union|enum|unsigned|char|short|int|long|float|double|bool|__[usbl])/ &&
			inner !~ /^[a-z0-9_]*_t([^a-zA-Z0-9_]|$)/ &&
			inner !~ /[-+\/?]|[^*] \*|^\(/)
			breach("write sizeof " inner ", without parentheses")
	}
	code ~ /_Static_assert/ { breach("write static_assert, of <assert.h>") }
	code ~ /(^|[^a-zA-Z_])NULL [=!]= / { breach("NULL stands on the right") }
	/^}/ { split("", pointers) }
	/^[a-z_].*\(/ { split("", pointers); in_head = 1 }
	in_head { note_pointers(code) }
	/^{/ { in_head = 0 }
	code ~ /^\t+(const |struct |unsigned |static )*[a-z_0-9]+ (const )?\*+(const )?[a-z_]/ { note_pointers(code) }
	code ~ /^\t/ && !in_head && FILENAME !~ /\.bpf\.c$/ { check_pointers(code) }'
)
version=$(clang-format --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
layout=
[ "$version" != 14 ] || layout=$(
	find src include tests -name '*.[ch]' | sort | xargs clang-format --dry-run -Werror 2>&1 |
		sed -n 's/: error: code should be clang-formatted.*/: clang-format would write this otherwise/p' |
		sort -u
)
[ -z "$breaches$layout" ] || {
	printf '%s\n' "$breaches" "$layout" | sed '/^$/d'
	exit 1
}
[ "$version" = 14 ] || {
	echo "the layout was not checked: needs clang-format 14, not ${version:-none}"
	exit 77
}
