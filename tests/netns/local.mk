# SPDX-License-Identifier: GPL-2.0-or-later
# Real sockets in namespaces that the test makes: need root, else they skip with a reason.
check_PROGRAMS += tests/netns/account tests/netns/delay tests/netns/storm
tests_netns_account_SOURCES = tests/netns/account.c
tests_netns_account_LDADD = $(UNIT_MODEL)
tests_netns_delay_SOURCES = tests/netns/delay.c
tests_netns_delay_LDADD = libswbase.a
check_PROGRAMS += tests/netns/dns tests/netns/listen tests/netns/mpls tests/netns/zoo
check_PROGRAMS += tests/netns/brief tests/netns/facts tests/netns/handed
tests_netns_facts_SOURCES = tests/netns/facts.c
tests_netns_facts_LDADD = $(UNIT_MODEL)
tests_netns_handed_SOURCES = tests/netns/handed.c
tests_netns_handed_LDFLAGS = -pthread
check_PROGRAMS += tests/netns/hold
tests_netns_hold_SOURCES = tests/netns/hold.c
tests_netns_brief_SOURCES = tests/netns/brief.c
check_PROGRAMS += tests/netns/dial
tests_netns_dial_SOURCES = tests/netns/dial.c
tests_netns_dns_SOURCES = tests/netns/dns.c tests/netns/dns_zone.c tests/netns/dns_zone.h
tests_netns_listen_SOURCES = tests/netns/listen.c
tests_netns_mpls_SOURCES = tests/netns/mpls.c
check_PROGRAMS += tests/netns/order tests/netns/secret
tests_netns_order_SOURCES = tests/netns/order.c
tests_netns_order_LDADD = $(UNIT_MODEL)
tests_netns_secret_SOURCES = tests/netns/secret.c
if SECCOMP
check_PROGRAMS += tests/netns/syscalls
endif
tests_netns_syscalls_SOURCES = tests/netns/syscalls.c src/privilege/sandbox/syscall_table.c
tests_netns_storm_SOURCES = tests/netns/storm.c
tests_netns_storm_LDADD = libswbase.a
tests_netns_zoo_SOURCES = tests/netns/zoo.c tests/netns/zoo_peer.c tests/netns/zoo_peer.h
SW_NETNS_TESTS = \
	tests/netns/baseline.sh \
	tests/netns/callers.sh \
	tests/netns/cgroups.sh \
	tests/netns/connect.sh \
	tests/netns/conntrack.sh \
	tests/netns/counters.sh \
	tests/netns/descriptors.sh \
	tests/netns/difference.sh \
	tests/netns/events.sh \
	tests/netns/events_wrong.sh \
	tests/netns/flood.sh \
	tests/netns/handed.sh \
	tests/netns/listeners.sh \
	tests/netns/lives.sh \
	tests/netns/metrics.sh \
	tests/netns/names.sh \
	tests/netns/namespaces.sh \
	tests/netns/needs.sh \
	tests/netns/netns_names.sh \
	tests/netns/nsswitch.sh \
	tests/netns/orders.sh \
	tests/netns/owners.sh \
	tests/netns/paths.sh \
	tests/netns/paths_end.sh \
	tests/netns/paths_far.sh \
	tests/netns/paths_labels.sh \
	tests/netns/paths_late.sh \
	tests/netns/paths_loss.sh \
	tests/netns/paths_many.sh \
	tests/netns/paths_refused.sh \
	tests/netns/paths_report.sh \
	tests/netns/paths_target.sh \
	tests/netns/paths_walls.sh \
	tests/netns/paths_way.sh \
	tests/netns/payload.sh \
	tests/netns/ports.sh \
	tests/netns/record.sh \
	tests/netns/resolve.sh \
	tests/netns/restart.sh \
	tests/netns/rights.sh \
	tests/netns/rings.sh \
	tests/netns/sandbox.sh \
	tests/netns/set_id.sh \
	tests/netns/seek.sh \
	tests/netns/span.sh \
	tests/netns/states.sh \
	tests/netns/stream.sh \
	tests/netns/sysctls.sh \
	tests/netns/tunnels.sh \
	tests/netns/zones.sh
dist_check_SCRIPTS += $(SW_NETNS_TESTS) tests/netns/leaks.sh
EXTRA_DIST += tests/netns/sandbox.awk tests/netns/dns.sh tests/netns/lab.sh tests/netns/lib.sh tests/lib.sh tests/program.h
TESTS += $(SW_NETNS_TESTS)
# valgrind and the sanitizers do not go together; these find leaks by themselves.
if !SANITIZERS
# valgrind makes system calls of its own.
check_PROGRAMS += tests/netns/sockwatch_unfiltered
tests_netns_sockwatch_unfiltered_SOURCES = src/app/main.c src/privilege/sandbox/syscall_filter_none.c
tests_netns_sockwatch_unfiltered_LDADD = $(SW_ALL_LIBS)
TESTS += tests/netns/leaks.sh
endif

# Loss by chance is a measurement for a reader; it does not fail.
paths-loss: sockwatch
	PATHS_LOSS_BY_CHANCE=yes $(srcdir)/tests/netns/paths_loss.sh
.PHONY: paths-loss
