# SPDX-License-Identifier: GPL-2.0-or-later
# The real program in tmux: keys in, screen out.
check_PROGRAMS += tests/screens/client tests/screens/sockets
tests_screens_client_SOURCES = tests/screens/client.c
tests_screens_sockets_SOURCES = tests/screens/sockets.c
check_PROGRAMS += tests/screens/without
tests_screens_without_SOURCES = tests/screens/without.c
SW_SCREENS_TESTS = \
	tests/screens/act.sh \
	tests/screens/act_many.sh \
	tests/screens/clock.sh \
	tests/screens/counters.sh \
	tests/screens/crowd.sh \
	tests/screens/detail.sh \
	tests/screens/events.sh \
	tests/screens/files.sh \
	tests/screens/filter.sh \
	tests/screens/findings.sh \
	tests/screens/flags.sh \
	tests/screens/help.sh \
	tests/screens/hostile.sh \
	tests/screens/keys.sh \
	tests/screens/layout.sh \
	tests/screens/life.sh \
	tests/screens/listeners.sh \
	tests/screens/mouse.sh \
	tests/screens/names.sh \
	tests/screens/names_netns.sh \
	tests/screens/netns_gone.sh \
	tests/screens/past.sh \
	tests/screens/paths.sh \
	tests/screens/paths_again.sh \
	tests/screens/paths_slow.sh \
	tests/screens/paths_ways.sh \
	tests/screens/probe.sh \
	tests/screens/replay.sh \
	tests/screens/root_files.sh \
	tests/screens/rows.sh \
	tests/screens/search.sh \
	tests/screens/setup.sh \
	tests/screens/silent.sh \
	tests/screens/terminal.sh \
	tests/screens/trouble.sh \
	tests/screens/without.sh \
	tests/screens/zones.sh
dist_check_SCRIPTS += $(SW_SCREENS_TESTS)
EXTRA_DIST += tests/screens/lib.sh tests/screens/step.c
TESTS += $(SW_SCREENS_TESTS)
