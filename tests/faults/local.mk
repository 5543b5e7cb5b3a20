# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong around it: processes that end or hang in any order, and what the machine does not give.
check_PROGRAMS += tests/faults/unread
tests_faults_unread_SOURCES = tests/faults/unread.c
tests_faults_unread_LDADD = -lutil
SW_FAULTS_TESTS = \
	tests/faults/disk.sh \
	tests/faults/ends.sh \
	tests/faults/lacks.sh \
	tests/faults/unread.sh
dist_check_SCRIPTS += $(SW_FAULTS_TESTS)
TESTS += $(SW_FAULTS_TESTS)
