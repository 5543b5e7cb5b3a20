#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file has at most 600 lines, a function 100, and a folder of src and include 24 files; no two files of src have
# one name. A file that is one table may be long; it is named here.
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
	find src include -name '*.[ch]' | sort | awk '
		{
			folder = $0
			sub(/\/[^\/]*$/, "", folder)
			files[folder]++
			if (!/^src\//) next
			name = substr($0, length(folder) + 2)
			if (name in first)
				printf "%s and %s: one name for two files\n", first[name], $0
			else
				first[name] = $0
		}
		END {
			for (folder in files)
				if (files[folder] > 24)
					printf "%s: %d files, 24 at most\n", folder, files[folder]
		}'
)
[ -z "$long" ] || {
	printf '%s\n' "$long"
	exit 1
}
