#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the #include lines: a folder may use only those below it, and a third-party header may appear
# only where doc/design.md allows it.
cd "${srcdir:-.}" || exit 1

# folder: folders that it may include
layers='
base:
stream: base
collector: stream base
resolver: stream base
model: stream base
analysis: model stream base
report: analysis model stream base
tui: analysis model stream base
app: base stream collector resolver model analysis report tui
'

# header (extended regular expression): folders that may include it
outsiders='
pcap(/.*)?\.h: stream collector
libmnl/.*: stream collector
linux/.*_diag\.h: collector
linux/netlink\.h: stream collector
cap-ng\.h: collector
sys/capability\.h: collector
linux/capability\.h: collector
(ncurses.*/)?(curses|ncurses|term|panel|menu|form)\.h: tui
ares(_version)?\.h: resolver
linux/tcp\.h: model
netinet/tcp\.h: model collector
'

breaches=$(
	find src include/sockwatch -name '*.[ch]' | sort | while read -r file; do
		folder=${file#include/sockwatch/}
		folder=${folder#src/}
		folder=${folder%%/*}
		allowed=$(printf '%s\n' "$layers" | sed -n "s/^$folder://p")
		printf '%s\n' "$layers" | grep -q "^$folder:" || echo "$file: folder $folder is in no layer"
		sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]\([^>"]*\)[>"].*/\1/p' "$file" |
			while read -r header; do
				case $header in
				sockwatch/*)
					to=${header#sockwatch/}
					to=${to%%/*}
					case " $allowed $folder " in
					*" $to "*) ;;
					*) echo "$file: $folder may not include $header" ;;
					esac
					;;
				*..*)
					below=${file#src/*/}
					up=$(printf '%s' "$header" | grep -o '\.\./' | wc -l)
					depth=$(printf '%s' "$below" | grep -o / | wc -l)
					[ "$up" -le "$depth" ] || echo "$file: $header leaves its folder"
					;;
				esac
				printf '%s\n' "$outsiders" | while IFS=: read -r pattern where; do
					[ -n "$pattern" ] || continue
					printf '%s\n' "$header" | grep -Eqx "$pattern" || continue
					case " $where " in
					*" $folder "*) ;;
					*) echo "$file: $header belongs to:$where" ;;
					esac
				done
			done
	done
)
[ -z "$breaches" ] || {
	printf '%s\n' "$breaches"
	exit 1
}
