#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No file over 600 lines, no function over 100. Files that are tables are named here and may be long.
cd "${srcdir:-.}" || exit 1
tables=' src/analysis/field/socket_fields.c '

long=$(
	find src include tests -name '*.[ch]' | sort | while read -r file; do
		case $tables in *" $file "*) continue ;; esac
		awk -v file="$file" '
			/^[a-z_].*\(/ { name = $0 }
			/^{/ { start = NR }
			/^}/ {
				if (start && NR - start - 1 > 100)
					printf "%s:%d: %s: %d lines, 100 at most\n", file, start, name, NR - start - 1
				start = 0
			}
			END { if (NR > 600) printf "%s: %d lines, 600 at most\n", file, NR }' "$file"
	done
)
[ -z "$long" ] || {
	printf '%s\n' "$long"
	exit 1
}
