# SPDX-License-Identifier: GPL-2.0-or-later
# A committed recording in, text, JSON and CSV out; list/ holds the expected output. renew.sh shows what changed
# and takes it over.
SW_GOLDEN_TESTS = \
	tests/golden/events.sh \
	tests/golden/list.sh \
	tests/golden/terminal.sh \
	tests/golden/usage.sh
dist_check_SCRIPTS += $(SW_GOLDEN_TESTS)
TESTS += $(SW_GOLDEN_TESTS)
EXTRA_DIST += tests/golden/cases tests/golden/event_cases tests/golden/events tests/golden/lib.sh tests/golden/list tests/golden/pages tests/golden/renew.sh \
	tests/golden/zoo.pcap

# Captures in, segments, events and conversations out; beside tshark. converse makes the captures, and the
# traffic of tests/netns/events.sh.
check_PROGRAMS += tests/golden/converse tests/golden/segments
tests_golden_segments_LDADD = libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm
SW_WIRE_TESTS = tests/golden/analysis.sh tests/golden/tshark.sh tests/golden/wire.sh
dist_check_SCRIPTS += $(SW_WIRE_TESTS)
TESTS += $(SW_WIRE_TESTS)
EXTRA_DIST += tests/golden/make_captures.sh tests/golden/wire
