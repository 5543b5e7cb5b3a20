#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One cell of doctor's confusion matrix: makes a trouble, runs `sockwatch doctor` beside it, as root and as a plain
# user, and checks that its rule says so, with the right severity and figures, and that no other rule does.
#
#	matrix.sh KIND [4|6 [small|large]]
#
# MATRIX_VERBOSE=yes prints what doctor said.
# rows.sh has the table. The kind healthy has no rule: nothing above info may be said, for HEALTHY_SECONDS (40).
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/trouble/rows.sh"
kind=${1:?usage: matrix.sh KIND [4|6 [small|large]]}
family=${2:-4}
scale=${3:-small}
trouble=$builddir/tests/trouble/trouble
cell="$kind, IPv$family, $scale"
needs root ip ss jq unshare nsenter setpriv netns tun

# row_of KIND: sets rule, seconds and severities.
row_of() {
	if [ "$1" = healthy ]; then
		rule='' severities='' seconds=${HEALTHY_SECONDS:-40}
		return
	fi
	row=$(printf '%s\n' "$trouble_rows" | awk -v kind="$1" '$1 == kind')
	[ -n "$row" ] || fail "there is no row for $1"
	rule=$(echo "$row" | awk '{ print $2 }')
	seconds=$(echo "$row" | awk '{ print $3 }')
	severities=$(echo "$row" | awk -v column="$([ "$scale" = small ] && echo 4 || echo 5)" '{ print $column }')
}

# in_lab COMMAND…: beside the trouble.
in_lab() {
	nsenter --net="/proc/$holder/ns/net" "$@"
}

# All counters of the kernel, as "NAME VALUE" (those of TCP with and without their group), and the time, as "time SECONDS".
counters() {
	in_lab cat /proc/net/netstat /proc/net/snmp | awk '
		NR % 2 { split($0, names); next }
		{
			group = $1
			sub(/:$/, "", group)
			for (i = 2; i <= NF; i++) {
				print group names[i], $i
				if (group ~ /^Tcp/) print names[i], $i
			}
		}'
	in_lab awk '{ print }' /proc/net/snmp6
	awk '{ print "time", $1 }' /proc/uptime
}

# oracle SPEC; see rows.sh.
oracle() {
	# The words of a filter are meant to be split.
	# shellcheck disable=SC2086
	case $1 in
	count:*) in_lab ss "-Htan$family" ${1#count:} | wc -l ;;
	gained:*) in_lab ss "-Htan$family" ${1#gained:} | wc -l ;;
	repeated:*) in_lab ss "-Htano$family" ${1#repeated:} | grep -c 'timer:(on,[^,]*,[1-9]' || : ;;
	orphans:*) in_lab ss "-Htane$family" ${1#orphans:} | grep -cv 'ino:[1-9]' || : ;;
	drops:*) in_lab ss "-Htulnm$family" "sport = :${1#drops:}" | sed -n 's/.*,d\([0-9]*\)).*/\1/p' ;;
	counter:*) counters | awk -v name="${1#counter:}" '$1 == name { print $2 }' ;;
	file:*) in_lab cat "${1#file:}" ;;
	files) find "/proc/$(awk '{ print $NF }' "/proc/$holder/task/$holder/children")/fd" -mindepth 1 | wc -l ;;
	listen:*) in_lab ss "-Htln$family" 'sport = :8080' | awk -v column="${1#listen:}" 'NR == 1 { print $column }' ;;
	fixed:SIZE) echo "$size" ;;
	fixed:*) echo "${1#fixed:}" ;;
	*) fail "no such oracle: $1" ;;
	esac
}

# oracles FILE: "KEY VALUE KIND-OF-ORACLE" of each row of the kind.
oracles() {
	printf '%s\n' "$trouble_figures" | awk -v kind="$kind" '$1 == kind' | while read -r _ key spec; do
		echo "$key $(oracle "$spec") ${spec%%:*}"
	done >"$1"
}

# rows_of TABLE: what follows the kind and the scale in its rows of the table.
rows_of() {
	printf '%s\n' "$1" | awk -v kind="$kind" -v scale="$scale" '
		$1 == kind && $2 == scale { sub(/^[^ ]+ +[^ ]+ +/, ""); print }'
}

# is_near PID: it is in the namespace of the trouble. Other tests run on this machine.
is_near() {
	[ "$(readlink "/proc/$1/ns/net")" = "$(readlink "/proc/$holder/ns/net")" ]
}

# near_only: of findings, those that are not of other tests: without a process, or of one that is near.
near_only() {
	while read -r finding; do
		pid=$(printf '%s\n' "$finding" | jq '.pid // 0')
		[ "$pid" != 0 ] && ! is_near "$pid" || printf '%s\n' "$finding"
	done
}

# doctor OUT COMMAND…: its findings, and its status in OUT.status.
doctor() {
	out=$1
	shift
	status=0
	in_lab "$@" "$sockwatch" doctor --config "$work/config" --json --for "$seconds" >"$out.all" 2>"$out.err" || status=$?
	near_only <"$out.all" >"$out"
	echo $status >"$out.status"
}

show_findings() {
	for file in "$work"/root "$work"/nobody; do
		[ ! -f "$file" ] || {
			echo "-- $(basename "$file"), status $(cat "$file.status")"
			jq -c '{rule, severity, title, evidence}' "$file" || cat "$file"
			cat "$file.err"
		}
	done
}

on_failure() {
	echo "cell: $cell"
	[ -e "$work/root" ] || return 0
	show_findings
	in_lab ss -Hant | awk '{ print $1 }' | sort | uniq -c
}

# rows_of_user: the severities that are right when the owners are not known.
rows_of_user() {
	printf '%s\n' "$trouble_user_severities" | awk -v kind="$kind" -v all="$severities" '
		$1 == kind { all = $2 }
		END { print all }'
}

# has_own FILE: the kind's rule is there, with a severity that is right.
has_own() {
	[ "$2" != nobody ] || severities=$(rows_of_user)
	found=$(jq -r --arg rules ",$rule," 'select(.rule as $rule | $rules | contains(",\($rule),")) | .severity' "$1" |
		sort -u | tr '\n' ' ')
	[ -n "$found" ] || fail "$cell: doctor ($2) does not report $rule"
	for severity in $found; do
		case ",$severities," in
		*",$severity,"*) return 0 ;;
		esac
	done
	fail "$cell: $rule is ${found% } ($2), not $severities"
}

# no_other FILE: no rule but the kind's own and the allowed ones is above info.
no_other() {
	jq -r 'select(.severity != "info") | .rule' "$1" | sort -u | while read -r other; do
		case ",$rule," in
		*",$other,"*) continue ;;
		esac
		printf '%s\n' "$trouble_overlaps" | awk -v kind="$kind" -v other="$other" '
			$1 == kind && $2 == other { found = 1 } END { exit !found }' ||
			echo "$other"
	done >"$work/others"
	[ ! -s "$work/others" ] || fail "$cell: doctor ($2) also reports $(tr '\n' ' ' <"$work/others")"
}

# A figure is right when it lies between the two readings, or as near as what changed between them.
figures_agree() {
	jq -r --arg rules ",$rule," 'select(.rule as $rule | $rules | contains(",\($rule),")) | .evidence // {} | to_entries[] |
		select(.value | type == "number") | "\(.key) \(.value)"' "$work/root" >"$work/evidence"
	rates=0.2 counts=0.05
	case " $trouble_bursts " in
	*" $kind "*) rates=0.6 counts=0.3 ;;
	esac
	awk -v cell="$cell" -v rates=$rates -v counts=$counts '
		function abs(x) { return x < 0 ? -x : x }
		FILENAME ~ /before$/ { before[$1] = $2; how[$1] = $3; next }
		FILENAME ~ /after$/ { after[$1] = $2; next }
		{
			name = $1
			if (how["own." $1] == "counter")
				name = "own." $1
			else if (!sub(/_per_s$/, "", name))
				name = ""
			if (name in before) {
				low = high = (after[name] - before[name]) / (after["time"] - before["time"])
				slack = 2 + rates * abs(high)
			} else if (("own." $1) in before) {
				low = before["own." $1]; high = after["own." $1]
				if (how["own." $1] == "gained")
					low = high -= low
				if (low > high) { swap = low; low = high; high = swap }
				slack = 1 + counts * abs(high)
			} else
				next
			compared++
			if ($2 < low - slack || $2 > high + slack) {
				printf "%s: %s is %s, others say %s to %s\n", cell, $1, $2, low, high
				wrong = 1
			}
		}
		END { printf "%s: %d figures compared\n", cell, compared; exit wrong }' \
		"$work/before" "$work/after" "$work/evidence" || fail "$cell: figures differ"
}

snapshot() {
	oracles "$work/own"
	{
		counters
		sed 's/^/own./' "$work/own"
	} >"$work/$1"
}

# The exit status follows the worst severity of what stands; what is over (of other tests, too) does not count.
status_agrees() {
	worst=$(jq -s '[.[] | select(.state == "stands") | {info: 0, warning: 1, critical: 2}[.severity]] | max // 0' "$1.all")
	[ "$(cat "$1.status")" = "$worst" ] || fail "$cell: exit status $(cat "$1.status"), the worst is $worst"
}

row_of "$kind"
size=$("$trouble" --list | awk -v kind="$kind" -v scale="$scale" '$1 == kind { print scale == "small" ? $2 : $3 }')
[ -n "$size" ] || fail "there is no kind $kind"
[ -z "$rule" ] || "$sockwatch" doctor --list | grep -qx "${rule%%,*}" || fail "$cell: there is no rule $rule"

rows_of "$trouble_settings" >"$work/config"
chmod 755 "$work"
"$sockwatch" doctor --config "$work/config" --list | tr -s ' \n' ' ' >"$work/rules"
while read -r setting; do
	grep -qF "$setting" "$work/rules" || fail "$cell: $setting does not take effect"
done <"$work/config"

# A kind that this machine cannot make says why, and skips.
set -- unshare --net "$trouble" "$kind" -n "$size"
[ "$family" = 4 ] || set -- "$@" -6
start_holder "$@"
sleep "$(rows_of "$trouble_waits" | grep . || echo 0)"

snapshot before
doctor "$work/nobody" setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs &
nobody=$!
doctor "$work/root" env
snapshot after
wait $nobody
for file in "$work/root" "$work/nobody"; do
	case $(cat "$file.status") in
	0 | 1 | 2) ;;
	*) fail "$cell: doctor ended with status $(cat "$file.status")" ;;
	esac
	status_agrees "$file"
	no_other "$file" "$(basename "$file")"
done
if [ -n "$rule" ]; then
	has_own "$work/root" root
	case " $trouble_root_only " in
	*" $kind "*) ;;
	*) has_own "$work/nobody" nobody ;;
	esac
	figures_agree
fi
[ -z "${MATRIX_VERBOSE:-}" ] || show_findings
echo "$cell: ok"
