#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.sh SECONDS PROGRAM…: what `make fuzz` runs. Each fuzz target searches for so many seconds, from its committed
# inputs and with its dictionary (NAME.dict) if it has one; new inputs go to fuzz-found/NAME of the build tree and are
# begun with the next time. A line for each: executions, how many a second, findings, and in a build with coverage
# (CFLAGS with -fprofile-instr-generate -fcoverage-mapping) how many lines it covers of the files that it is for
# (files.list). Fails when anything was found.
set -eu
export LC_ALL=C.UTF-8
case ${1:-} in
'' | *[!0-9]* | 0)
	echo 'usage: fuzz.sh SECONDS PROGRAM…: seconds for each target, at least 1' >&2
	exit 2
	;;
esac
seconds=$1
shift
srcdir=$(cd "${srcdir:-.}" && pwd)
found=$(pwd)/fuzz-found
# What was freed is kept apart for the length of a few inputs only: fresh memory for each takes longer than they run.
export ASAN_OPTIONS="quarantine_size_mb=4${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
failed=0

# stat LOG WORD: a figure of libFuzzer's.
stat() {
	sed -n "s/^stat::$2: *//p" "$1" | tail -n 1
}

# covered PROGRAM NAME: "412 of 450 lines (91 %)" of the target's files.
covered() {
	nm "$1" 2>/dev/null | grep -q __llvm_profile_runtime || {
		echo 'unknown: no build with coverage'
		return
	}
	files=$(sed -n "s/^$2: *//p" "$srcdir/tests/fuzz/files.list")
	[ -n "$files" ] || {
		echo 'unknown: not in files.list'
		return
	}
	llvm-profdata merge -o "$found/$2.profdata" "$found/$2.profraw"
	# shellcheck disable=SC2086 # a list
	llvm-cov export -summary-only -instr-profile "$found/$2.profdata" "$1" | python3 -c '
import json, sys
files = json.load(sys.stdin)["data"][0]["files"]
# However the compiler named the top of the tree.
rows = {name: f["summary"]["lines"] for name in sys.argv[1:] for f in files if ("/" + f["filename"]).endswith("/" + name)}
missing = [name for name in sys.argv[1:] if name not in rows]
if missing:
    sys.exit("not in the program: " + " ".join(missing))
lines = [rows[name] for name in sys.argv[1:]]
count, all = sum(l["covered"] for l in lines), sum(l["count"] for l in lines)
low = ["%s %d %%" % (name, rows[name]["percent"]) for name in sys.argv[1:] if rows[name]["percent"] < 80]
print("%d of %d lines (%d %%)%s" % (count, all, 100 * count // all, "; below 80: " + ", ".join(low) if low else ""))
' $files
}

# run PROGRAM
run() {
	name=${1##*fuzz_}
	seeds=$srcdir/tests/fuzz/corpus/$name
	dictionary=$srcdir/tests/fuzz/$name.dict
	log=$found/$name.log
	mkdir -p "$found/$name"
	set -- "$1" "-max_total_time=$seconds" -print_final_stats=1 -timeout=10 "-artifact_prefix=$found/$name-"
	[ ! -e "$dictionary" ] || set -- "$@" "-dict=$dictionary"
	ended=ok
	LLVM_PROFILE_FILE=$found/$name.profraw srcdir=$srcdir "$@" "$found/$name" "$seeds" >"$log" 2>&1 || ended=failed
	findings=$(find "$found" -maxdepth 1 -name "$name-*" ! -name '*-slow-unit-*' | wc -l)
	[ "$ended" = ok ] && [ "$findings" = 0 ] || failed=1
	printf '%-12s %10s executions %7s/s  %s findings' "$name" "$(stat "$log" number_of_executed_units)" \
		"$(stat "$log" average_exec_per_sec)" "$findings"
	if [ "$ended" = failed ]; then
		printf '; it ended early, see %s\n' "$log"
	else
		printf '  %s\n' "$(covered "$1" "$name" 2>&1)"
	fi
}

mkdir -p "$found"
for program; do
	run "$program"
done
[ "$failed" = 0 ] || echo "what was found is in $found: run the target on it" >&2
exit "$failed"
