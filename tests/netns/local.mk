# SPDX-License-Identifier: GPL-2.0-or-later
# Real sockets in namespaces that the test makes: need root, else they skip with a reason.
check_PROGRAMS += tests/netns/account tests/netns/delay tests/netns/storm
tests_netns_account_SOURCES = tests/netns/account.c
tests_netns_account_LDADD = $(UNIT_MODEL)
tests_netns_delay_SOURCES = tests/netns/delay.c
tests_netns_delay_LDADD = libswbase.a
check_PROGRAMS += tests/netns/dns tests/netns/listen tests/netns/mpls tests/netns/zoo
check_PROGRAMS += tests/netns/brief
tests_netns_brief_SOURCES = tests/netns/brief.c
tests_netns_dns_SOURCES = tests/netns/dns.c tests/netns/dns_zone.c tests/netns/dns_zone.h
tests_netns_listen_SOURCES = tests/netns/listen.c
tests_netns_mpls_SOURCES = tests/netns/mpls.c
tests_netns_storm_SOURCES = tests/netns/storm.c
tests_netns_storm_LDADD = libswbase.a
tests_netns_zoo_SOURCES = tests/netns/zoo.c tests/netns/zoo_peer.c tests/netns/zoo_peer.h
SW_NETNS_TESTS = \
	tests/netns/callers.sh \
	tests/netns/connect.sh \
	tests/netns/events.sh \
	tests/netns/events_wrong.sh \
	tests/netns/flood.sh \
	tests/netns/lives.sh \
	tests/netns/names.sh \
	tests/netns/namespaces.sh \
	tests/netns/owners.sh \
	tests/netns/paths.sh \
	tests/netns/paths_far.sh \
	tests/netns/paths_labels.sh \
	tests/netns/paths_loss.sh \
	tests/netns/paths_many.sh \
	tests/netns/paths_refused.sh \
	tests/netns/paths_report.sh \
	tests/netns/paths_walls.sh \
	tests/netns/resolve.sh \
	tests/netns/restart.sh \
	tests/netns/rights.sh \
	tests/netns/states.sh \
	tests/netns/stream.sh
dist_check_SCRIPTS += $(SW_NETNS_TESTS) tests/netns/leaks.sh
EXTRA_DIST += tests/netns/dns.sh tests/netns/lab.sh tests/netns/lib.sh tests/lib.sh tests/program.h
TESTS += $(SW_NETNS_TESTS)
# valgrind and the sanitizers do not go together; these find leaks by themselves.
if !SANITIZERS
TESTS += tests/netns/leaks.sh
endif

# Loss by chance is a measurement for a reader; it does not fail.
paths-loss: sockwatch
	PATHS_LOSS_BY_CHANCE=yes $(srcdir)/tests/netns/paths_loss.sh
.PHONY: paths-loss
