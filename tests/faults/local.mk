# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong around it: processes that end or hang in any order, and what the machine does not give.
SW_FAULTS_TESTS = \
	tests/faults/ends.sh \
	tests/faults/lacks.sh
dist_check_SCRIPTS += $(SW_FAULTS_TESTS)
TESTS += $(SW_FAULTS_TESTS)
