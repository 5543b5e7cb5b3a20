# SPDX-License-Identifier: GPL-2.0-or-later
# The half with rights.
noinst_LIBRARIES += libswcollector.a
# object.h is made in the build tree.
libswcollector_a_CPPFLAGS = $(AM_CPPFLAGS) -Isrc/collector/callers
libswcollector_a_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS) $(CAPNG_CFLAGS) $(BPF_CFLAGS)
libswcollector_a_SOURCES = \
	include/sockwatch/collector/collector.h \
	include/sockwatch/collector/handshake.h \
	include/sockwatch/collector/keeper.h \
	include/sockwatch/collector/netns.h \
	include/sockwatch/collector/privileges.h \
	src/collector/actions.c \
	src/collector/actions.h \
	src/collector/callers/callers.c \
	src/collector/callers/callers.h \
	src/collector/callers/record.h \
	src/collector/callers/trace.h \
	src/collector/collector.c \
	src/collector/enter.c \
	src/collector/enter.h \
	src/collector/idle.c \
	src/collector/idle.h \
	src/collector/keeper.c \
	src/collector/namespaces.c \
	src/collector/namespaces.h \
	src/collector/namespaces_find.c \
	src/collector/netlink/bytecode.c \
	src/collector/netlink/bytecode.h \
	src/collector/netlink/closings.c \
	src/collector/netlink/closings.h \
	src/collector/netlink/destroy.c \
	src/collector/netlink/destroy.h \
	src/collector/netlink/diag.c \
	src/collector/netlink/diag.h \
	src/collector/netlink/dump.c \
	src/collector/netlink/dump.h \
	src/collector/netlink/fingerprint.c \
	src/collector/netlink/fingerprint.h \
	src/collector/netlink/request.c \
	src/collector/netlink/request.h \
	src/collector/netns_enter.c \
	src/collector/packet/capture.c \
	src/collector/packet/capture.h \
	src/collector/packet/expression.c \
	src/collector/packet/packet.c \
	src/collector/packet/packet.h \
	src/collector/privileges.c \
	src/collector/probe/connect.c \
	src/collector/probe/engine.h \
	src/collector/probe/handshake.c \
	src/collector/probe/icmp.c \
	src/collector/probe/open.c \
	src/collector/probe/pace.c \
	src/collector/probe/pace.h \
	src/collector/probe/plan.c \
	src/collector/probe/plan.h \
	src/collector/probe/probe.c \
	src/collector/probe/probe.h \
	src/collector/probe/receive.c \
	src/collector/probe/receive.h \
	src/collector/probe/send.c \
	src/collector/probe/send.h \
	src/collector/probe/sockaddr.c \
	src/collector/probe/sockaddr.h \
	src/collector/probe/syn.c \
	src/collector/probe/target.c \
	src/collector/probe/target.h \
	src/collector/probe/udp.c \
	src/collector/probe/udp_raw.c \
	src/collector/probe/way.h \
	src/collector/probe/wire.c \
	src/collector/probe/wire.h \
	src/collector/proc/cgroup_names.c \
	src/collector/proc/cgroup_names.h \
	src/collector/proc/cgroup_path.c \
	src/collector/proc/cgroup_path.h \
	src/collector/proc/container_names.c \
	src/collector/proc/container_names.h \
	src/collector/proc/fd_scan.c \
	src/collector/proc/fd_scan.h \
	src/collector/proc/holders.c \
	src/collector/proc/holders.h \
	src/collector/proc/link_names.c \
	src/collector/proc/link_names.h \
	src/collector/proc/owner_deltas.c \
	src/collector/proc/owner_deltas.h \
	src/collector/proc/owner_phase.c \
	src/collector/proc/owner_phase.h \
	src/collector/proc/owner_read.c \
	src/collector/proc/owner_read.h \
	src/collector/proc/owner_search.c \
	src/collector/proc/owner_search.h \
	src/collector/proc/owner_walk.c \
	src/collector/proc/owner_walk.h \
	src/collector/proc/pid_file.c \
	src/collector/proc/pid_file.h \
	src/collector/proc/proc.c \
	src/collector/proc/proc.h \
	src/collector/proc/proc_counters.c \
	src/collector/proc/proc_counters.h \
	src/collector/proc/process_facts.c \
	src/collector/proc/process_facts.h \
	src/collector/proc/user_names.c \
	src/collector/proc/user_names.h \
	src/collector/schedule.c \
	src/collector/schedule.h \
	src/collector/walk.c \
	src/collector/walk.h \
	src/collector/wish.c \
	src/collector/wish.h

# The program that runs in the kernel is compiled for it and becomes an array of bytes.
EXTRA_DIST += src/collector/callers/callers.bpf.c src/collector/callers/kernel.h
if HAVE_BPF
libswcollector_a_SOURCES += src/collector/callers/trace.c
BUILT_SOURCES += src/collector/callers/object.h
CLEANFILES += src/collector/callers/object.h src/collector/callers/callers.bpf.o
src/collector/callers/callers.bpf.o: src/collector/callers/callers.bpf.c \
		src/collector/callers/kernel.h src/collector/callers/record.h
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(BPF_CC) -target bpf -O2 -g -Wall -Wextra -Wno-unused-parameter \
		$(BPF_CFLAGS) -c $(srcdir)/src/collector/callers/callers.bpf.c -o $@
src/collector/callers/object.h: src/collector/callers/callers.bpf.o
	$(AM_V_GEN){ echo 'static const unsigned char callers_object[] __attribute__((aligned(8))) = {' && \
		od -An -v -tu1 src/collector/callers/callers.bpf.o | sed 's/[0-9][0-9]*/&,/g' && \
		echo '};'; } >$@.tmp && mv $@.tmp $@
src/collector/callers/libswcollector_a-trace.$(OBJEXT): src/collector/callers/object.h
else
libswcollector_a_SOURCES += src/collector/callers/trace_none.c
endif
