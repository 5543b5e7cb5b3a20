# SPDX-License-Identifier: GPL-2.0-or-later
# A committed recording in, text, JSON and CSV out; what is expected stands in list/. renew.sh shows and takes over
# what changed.
SW_GOLDEN_TESTS = \
	tests/golden/list.sh \
	tests/golden/terminal.sh \
	tests/golden/usage.sh
dist_check_SCRIPTS += $(SW_GOLDEN_TESTS)
TESTS += $(SW_GOLDEN_TESTS)
EXTRA_DIST += tests/golden/cases tests/golden/lib.sh tests/golden/list tests/golden/renew.sh \
	tests/golden/zoo.pcap
