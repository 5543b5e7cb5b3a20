#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An option is obeyed, or it is not in the table: each member of struct options that a row of the table
# sets is read by a file other than those of src/app/option that set and print it. Members are read as
# options->member, options->probe.member, options->record.member or settings->member (or with a dot).
cd "${srcdir:-.}" || exit 1
table=src/app/option/option_table.c

readers=$(find src/app src/tui -name '*.[ch]' ! -path "$table" ! -name option_value.c)
unread=$(grep -oE '\b(ON|OFF|TEXT|FIELD|WORD|SECONDS|NUMBER|BYTES|ORDER|FIELDS|BIND|PICK|PICK_WITH_PORT)\([a-z][a-z_.]*' "$table" |
	sed 's/.*(//' | grep -v '^member' | sort -u | while read -r member; do
	name=${member##*.}
	case $member in
	settings.*) owner='settings' ;;
	probe.*) owner='(probe|options)' ;;
	record.*) owner='record' ;;
	metrics.*) owner='(metrics|wishes)' ;;
	*) owner='options' ;;
	esac
	# Not what stands left of an assignment.
	# shellcheck disable=SC2086
	grep -hE "\b$owner(->|\.)$name\b" $readers | grep -vqE "\b$owner(->|\.)$name = " ||
		echo "$member"
done)
grep -q 'NUMBER(probe' "$table" || { echo "$table: no rows were found" && exit 1; }
[ -z "$unread" ] || {
	for member in $unread; do
		grep -nE "\($member\b" "$table" | head -1 |
			sed "s|^\([0-9]*\):.*|$table:\1: nobody reads options.$member: the option is without effect|"
	done
	exit 1
}
