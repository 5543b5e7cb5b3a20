# SPDX-License-Identifier: GPL-2.0-or-later
# The half with rights.
noinst_LIBRARIES += libswcollector.a
# object.h is made in the build tree.
libswcollector_a_CPPFLAGS = $(AM_CPPFLAGS) -Isrc/collector/bpf
libswcollector_a_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS) $(BPF_CFLAGS)
libswcollector_a_SOURCES = \
	include/sockwatch/collector/collector.h \
	include/sockwatch/collector/handshake.h \
	src/collector/bpf/bpf_callers.c \
	src/collector/bpf/bpf_callers.h \
	src/collector/bpf/bpf_record.h \
	src/collector/bpf/bpf_trace.h \
	src/collector/collector.c \
	src/collector/commands.c \
	src/collector/commands.h \
	src/collector/hello.c \
	src/collector/hello.h \
	src/collector/netlink/bytecode.c \
	src/collector/netlink/bytecode.h \
	src/collector/netlink/closings.c \
	src/collector/netlink/closings.h \
	src/collector/netlink/destroy.c \
	src/collector/netlink/destroy.h \
	src/collector/netlink/diag_scan.c \
	src/collector/netlink/diag_scan.h \
	src/collector/netlink/digest.c \
	src/collector/netlink/digest.h \
	src/collector/netlink/dump.c \
	src/collector/netlink/dump.h \
	src/collector/netlink/dump_request.c \
	src/collector/netlink/dump_request.h \
	src/collector/netns/idle.c \
	src/collector/netns/idle.h \
	src/collector/netns/link_names.c \
	src/collector/netns/link_names.h \
	src/collector/netns/namespaces.c \
	src/collector/netns/namespaces.h \
	src/collector/netns/namespaces_alive.c \
	src/collector/netns/namespaces_find.c \
	src/collector/notice.c \
	src/collector/notice.h \
	src/collector/packet/capture.c \
	src/collector/packet/capture.h \
	src/collector/packet/capture_read.c \
	src/collector/packet/capture_read.h \
	src/collector/packet/expression.c \
	src/collector/packet/packet.c \
	src/collector/packet/packet.h \
	src/collector/packet/packet_cut.c \
	src/collector/packet/packet_cut.h \
	src/collector/packet/packet_program.c \
	src/collector/packet/packet_program.h \
	src/collector/probe/engine.c \
	src/collector/probe/engine.h \
	src/collector/probe/in_flight.c \
	src/collector/probe/in_flight.h \
	src/collector/probe/method/connect.c \
	src/collector/probe/method/handshake.c \
	src/collector/probe/method/icmp.c \
	src/collector/probe/method/method.c \
	src/collector/probe/method/method.h \
	src/collector/probe/method/mtu_probe.c \
	src/collector/probe/method/mtu_probe.h \
	src/collector/probe/method/mtu_search.c \
	src/collector/probe/method/mtu_search.h \
	src/collector/probe/method/probe_socket.c \
	src/collector/probe/method/probe_socket.h \
	src/collector/probe/method/raw.c \
	src/collector/probe/method/raw.h \
	src/collector/probe/method/reopen.c \
	src/collector/probe/method/reopen.h \
	src/collector/probe/method/route_watch.c \
	src/collector/probe/method/route_watch.h \
	src/collector/probe/method/sockaddr.c \
	src/collector/probe/method/sockaddr.h \
	src/collector/probe/method/syn.c \
	src/collector/probe/method/udp.c \
	src/collector/probe/method/udp_raw.c \
	src/collector/probe/probe.c \
	src/collector/probe/probe.h \
	src/collector/probe/probe_report.c \
	src/collector/probe/probe_report.h \
	src/collector/probe/probe_schedule.c \
	src/collector/probe/probe_schedule.h \
	src/collector/probe/probe_wire.c \
	src/collector/probe/probe_wire.h \
	src/collector/probe/rate_limit.c \
	src/collector/probe/rate_limit.h \
	src/collector/probe/receive.c \
	src/collector/probe/receive.h \
	src/collector/probe/router_rate.c \
	src/collector/probe/router_rate.h \
	src/collector/probe/send.c \
	src/collector/probe/send.h \
	src/collector/probe/target.c \
	src/collector/probe/target.h \
	src/collector/probe/target_time.c \
	src/collector/probe/target_time.h \
	src/collector/proc/cgroup/cgroup_memory.c \
	src/collector/proc/cgroup/cgroup_memory.h \
	src/collector/proc/cgroup/cgroup_memory_read.c \
	src/collector/proc/cgroup/cgroup_memory_read.h \
	src/collector/proc/cgroup/cgroup_names.c \
	src/collector/proc/cgroup/cgroup_names.h \
	src/collector/proc/cgroup/cgroup_path.c \
	src/collector/proc/cgroup/cgroup_path.h \
	src/collector/proc/cgroup/container_names.c \
	src/collector/proc/cgroup/container_names.h \
	src/collector/proc/mountinfo.c \
	src/collector/proc/mountinfo.h \
	src/collector/proc/owner/fd_scan.c \
	src/collector/proc/owner/fd_scan.h \
	src/collector/proc/owner/holders.c \
	src/collector/proc/owner/holders.h \
	src/collector/proc/owner/owner_deltas.c \
	src/collector/proc/owner/owner_deltas.h \
	src/collector/proc/owner/owner_descriptors.c \
	src/collector/proc/owner/owner_descriptors.h \
	src/collector/proc/owner/owner_holds.c \
	src/collector/proc/owner/owner_holds.h \
	src/collector/proc/owner/owner_phase.c \
	src/collector/proc/owner/owner_phase.h \
	src/collector/proc/owner/owner_read.c \
	src/collector/proc/owner/owner_read.h \
	src/collector/proc/owner/owner_repeat.c \
	src/collector/proc/owner/owner_repeat.h \
	src/collector/proc/owner/owner_search.c \
	src/collector/proc/owner/owner_search.h \
	src/collector/proc/owner/owner_threads.c \
	src/collector/proc/owner/owner_threads.h \
	src/collector/proc/owner/owner_verify.c \
	src/collector/proc/owner/owner_verify.h \
	src/collector/proc/owner/owner_walk.c \
	src/collector/proc/owner/owner_walk.h \
	src/collector/proc/last_pid.c \
	src/collector/proc/last_pid.h \
	src/collector/proc/pid_file.c \
	src/collector/proc/pid_file.h \
	src/collector/proc/proc.c \
	src/collector/proc/proc.h \
	src/collector/proc/proc_conntrack.c \
	src/collector/proc/proc_conntrack.h \
	src/collector/proc/proc_counters.c \
	src/collector/proc/proc_counters.h \
	src/collector/proc/proc_view.c \
	src/collector/proc/proc_view.h \
	src/collector/proc/process_facts.c \
	src/collector/proc/process_facts.h \
	src/collector/proc/system/sysctl_files.c \
	src/collector/proc/system/sysctl_files.h \
	src/collector/proc/system/sysctl_line.c \
	src/collector/proc/system/sysctl_line.h \
	src/collector/proc/system/sysctl_read.c \
	src/collector/proc/system/sysctl_read.h \
	src/collector/proc/user_names.c \
	src/collector/proc/user_names.h \
	src/collector/schedule.c \
	src/collector/schedule.h \
	src/collector/subscription.c \
	src/collector/subscription.h \
	src/collector/walk.c \
	src/collector/walk.h

# The program that runs in the kernel is compiled for it and becomes an array of bytes.
EXTRA_DIST += src/collector/bpf/callers.bpf.c src/collector/bpf/bpf_kernel.h
if HAVE_BPF
libswcollector_a_SOURCES += src/collector/bpf/bpf_trace.c
BUILT_SOURCES += src/collector/bpf/object.h
CLEANFILES += src/collector/bpf/object.h src/collector/bpf/callers.bpf.o
src/collector/bpf/callers.bpf.o: src/collector/bpf/callers.bpf.c \
		src/collector/bpf/bpf_kernel.h src/collector/bpf/bpf_record.h
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(BPF_CC) -target bpf -O2 -g -Wall -Wextra -Wno-unused-parameter $(SW_PREFIX_MAP) \
		$(BPF_CFLAGS) -c $(srcdir)/src/collector/bpf/callers.bpf.c -o $@
src/collector/bpf/object.h: src/collector/bpf/callers.bpf.o
	$(AM_V_GEN){ echo 'static const unsigned char callers_object[] __attribute__((aligned(8))) = {' && \
		od -An -v -tu1 src/collector/bpf/callers.bpf.o | sed 's/[0-9][0-9]*/&,/g' && \
		echo '};'; } >$@.tmp && mv $@.tmp $@
src/collector/bpf/libswcollector_a-bpf_trace.$(OBJEXT): src/collector/bpf/object.h
else
libswcollector_a_SOURCES += src/collector/bpf/bpf_trace_none.c
endif
