#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files of one room (src/X, with the rooms within it) do not need each other in a circle. The compiler's
# symbol tables show who takes a function or a table from whom. Each circle is printed with its symbols.
command -v nm >/dev/null || { echo 'needs nm' && exit 77; }
srcdir=${srcdir:-.}
ls src/*/*.o >/dev/null 2>&1 || { echo 'needs the objects of make' && exit 77; }

# Circles that are meant, three at most: the file that takes, the file that gives, and the reason.
exceptions='
'
exceptions_max=3

# Objects whose source is still there, as a build tree may be older than its sources.
objects=$(find src -name '*.o' ! -name '*.bpf.o' | while read -r object; do
	source=${object##*/}
	source=${object%/*}/${source#*-}
	[ ! -f "$srcdir/${source%.o}.c" ] || echo "$object"
done)

# shellcheck disable=SC2086
circles=$(nm -A -g $objects | EXCEPTIONS=$exceptions MAX=$exceptions_max awk '
	# The source file of an object, below src/.
	function file_of(object, folder, base) {
		sub(/^src\//, "", object)
		folder = object
		sub(/[^\/]*$/, "", folder)
		base = substr(object, length(folder) + 1)
		sub(/^[^-]*-/, "", base)
		sub(/\.o$/, ".c", base)
		return folder base
	}
	function room_of(file) {
		sub(/\/.*/, "", file)
		return file
	}
	# Marks what can be reached from one file.
	function reach(file, mark, i, parts, n) {
		if (seen[mark, file]++) return
		n = split(takes[file], parts, " ")
		for (i = 1; i <= n; i++) reach(parts[i], mark)
	}
	{
		object = $1
		sub(/:.*/, "", object)
		file = file_of(object)
		if ($(NF - 1) == "U") {
			needed++
			needs_file[needed] = file
			needs_name[needed] = $NF
		} else if ($(NF - 1) ~ /^[TDBRVW]$/) {
			home[$NF] = file
		}
	}
	END {
		n = split(ENVIRON["EXCEPTIONS"], rows, "\n")
		for (i = 1; i <= n; i++)
			if (split(rows[i], words, " ") > 2) {
				except[words[1], words[2]] = 1
				named++
			}
		if (named > ENVIRON["MAX"])
			print named " exceptions are named, " ENVIRON["MAX"] " at most"
		for (i = 1; i <= needed; i++) {
			from = needs_file[i]
			to = home[needs_name[i]]
			if (to == "" || to == from || room_of(to) != room_of(from)) continue
			if ((from, to) in except) {
				is_used[from, to] = 1
				continue
			}
			if (symbols[from, to] == "") takes[from] = takes[from] " " to
			symbols[from, to] = symbols[from, to] " " needs_name[i]
			files[from] = 1
		}
		for (file in files) reach(file, file)
		# A circle is named after the first of its files.
		for (pair in symbols) {
			split(pair, words, SUBSEP)
			if (!((words[2], words[1]) in seen)) continue
			first = words[1]
			for (file in files)
				if (file < first && (words[1], file) in seen && (file, words[1]) in seen)
					first = file
			print "circle of " first ": " words[1] " takes from " words[2] ":" symbols[pair]
		}
		for (pair in except)
			if (!(pair in is_used)) {
				split(pair, words, SUBSEP)
				print words[1] " no longer takes from " words[2] ": remove the exception"
			}
	}' | sort)
[ -z "$circles" ] || {
	printf '%s\n' "$circles" | awk '
		/^circle of / {
			split($0, parts, ": ")
			if (parts[1] != last) print parts[1] ":"
			last = parts[1]
			print "\t" substr($0, length(last) + 3)
			next
		}
		{ print }'
	exit 1
}
