#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the #include lines: a room may use only those below it, a room within a room likewise, and a
# third-party header may appear only where doc/design.md allows it.
cd "${srcdir:-.}" || exit 1

# folder: folders that it may include
layers='
base:
stream: base
privilege: stream base
collector: privilege stream base
resolver: stream base
model: stream base
source: privilege stream model base
analysis: model stream base
report: analysis model stream base
tui: analysis model stream base
app: base stream privilege source collector resolver model analysis report tui
'

# header (extended regular expression): folders that may include it
outsiders='
pcap(/.*)?\.h: stream collector
libmnl/.*: stream collector
linux/.*_diag\.h: collector
linux/netlink\.h: stream collector
cap-ng\.h: privilege
bpf/.*\.h: collector
sys/capability\.h: privilege
linux/capability\.h: privilege
(ncurses.*/)?(curses|ncurses|term|panel|menu|form)\.h: tui
ares(_version)?\.h: resolver
linux/tcp\.h: model
netinet/tcp\.h: model collector app
'

breaches=$(
	find src include/sockwatch -name '*.[ch]' | sort | LAYERS=$layers OUTSIDERS=$outsiders xargs awk '
	BEGIN {
		n = split(ENVIRON["LAYERS"], rows, "\n")
		for (i = 1; i <= n; i++)
			if (split(rows[i], pair, ":") > 1)
				allowed[pair[1]] = " " pair[2] " " pair[1] " "
		n = split(ENVIRON["OUTSIDERS"], rows, "\n")
		for (i = 1; i <= n; i++)
			if (split(rows[i], pair, ":") > 1)
				where["^" pair[1] "$"] = pair[2] " "
	}
	FNR == 1 {
		below = FILENAME
		sub(/^(src|include\/sockwatch)\//, "", below)
		folder = below
		sub(/\/.*/, "", folder)
		depth = gsub(/\//, "/", below) - 1
		if (!(folder in allowed))
			print FILENAME ": folder " folder " is in no layer"
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		header = $0
		sub(/^[^<"]*[<"]/, "", header)
		sub(/[>"].*/, "", header)
		if (header ~ /^sockwatch\//) {
			split(header, parts, "/")
			if (index(allowed[folder], " " parts[2] " ") == 0)
				print FILENAME ": " folder " may not include " header
		} else if (gsub(/\.\.\//, "../", header) > depth) {
			print FILENAME ": " header " leaves its folder"
		}
		for (pattern in where)
			if (header ~ pattern && index(where[pattern], " " folder " ") == 0)
				print FILENAME ": " header " belongs to" where[pattern]
	}'
)
[ -z "$breaches" ] || {
	printf '%s\n' "$breaches"
	exit 1
}
