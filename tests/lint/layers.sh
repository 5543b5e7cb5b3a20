#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the #include lines. A room includes only the rooms below it, a room within a room likewise; public
# headers include public headers only; a private header is included only within its own room of src/; and a
# third-party header appears only where doc/design.md allows it.
cd "${srcdir:-.}" || exit 1

# room: rooms that it may include
layers='
base:
stream: base
privilege: stream base
recording: stream base
source: privilege stream model base
collector: privilege stream base
resolver: stream base
model: stream base
analysis: model stream base
report: analysis model stream base
tui: analysis model stream base
app: base stream privilege recording source collector resolver model analysis report tui
'

# room within a room: what it may include of the private headers of its room; a room that is not named here
# may include all of them
within='
collector/netlink: collector/proc
collector/proc/cgroup: collector/proc
collector/proc/owner: collector/proc collector/proc/cgroup
model/wire/segment:
model/wire/conversation: model/wire/segment
analysis/rate: analysis/field
analysis/field:
analysis/filter: analysis/field
analysis/view: analysis/field analysis/filter
analysis/trouble:
analysis/baseline:
analysis/topic:
analysis/explain: analysis/field analysis/rate
app/config: app/option
resolver/dns:
tui/term:
'

# third-party header (extended regular expression): rooms that may include it
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
idn2\.h: resolver
linux/tcp\.h: model
netinet/tcp\.h: model collector app
'

breaches=$(
	find src include/sockwatch -name '*.[ch]' | sort | LAYERS=$layers WITHIN=$within OUTSIDERS=$outsiders xargs awk '
	function read_table(table, rows, into, before, after, n, i, pair) {
		n = split(table, rows, "\n")
		for (i = 1; i <= n; i++)
			if (split(rows[i], pair, ":") > 1)
				into[before pair[1] after] = " " pair[2] " "
	}
	function folder_of(path) {
		sub(/\/[^\/]*$/, "", path)
		return path
	}
	function breach(text) {
		print FILENAME ":" FNR ": " text
	}
	BEGIN {
		read_table(ENVIRON["LAYERS"], rows, allowed, "", "")
		read_table(ENVIRON["WITHIN"], rows, inner, "", "")
		read_table(ENVIRON["OUTSIDERS"], rows, where, "^", "$")
	}
	FNR == 1 {
		folder = folder_of(FILENAME)
		is_public = sub(/^include\/sockwatch\//, "", folder)
		sub(/^src\//, "", folder)
		room = folder
		sub(/\/.*/, "", room)
		if (!(room in allowed)) breach("the room " room " is in no layer")
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		is_quoted = $0 ~ /^[^<]*"/
		header = $0
		sub(/^[^<"]*[<"]/, "", header)
		sub(/[>"].*/, "", header)
		split(header, parts, "/")
		if (header ~ /^sockwatch\//) {
			if (parts[2] != room && index(allowed[room], " " parts[2] " ") == 0)
				breach(room " may not include " header)
			if (folder == "tui/term" && parts[2] == "tui")
				breach(folder " may not include " header)
		} else if (is_quoted && is_public) {
			breach("a public header may not include the private " header)
		} else if (is_quoted && header ~ /\.\.\//) {
			breach("name " header " from src/ on")
		} else if (is_quoted && header ~ /\//) {
			# docgen prints the tables of all rooms into the manuals.
			if (parts[1] != room && FILENAME != "src/app/docgen.c")
				breach(header " is private to " parts[1])
			else if (folder in inner && folder_of(header) != folder &&
					index(inner[folder], " " folder_of(header) " ") == 0)
				breach(folder " may not include " header)
		}
		for (pattern in where)
			if (header ~ pattern && index(where[pattern], " " room " ") == 0)
				breach(header " belongs to" where[pattern])
	}'
)
[ -z "$breaches" ] || {
	printf '%s\n' "$breaches"
	exit 1
}
