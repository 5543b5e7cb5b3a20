# SPDX-License-Identifier: GPL-2.0-or-later
# The half with rights.
noinst_LIBRARIES += libswcollector.a
libswcollector_a_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS) $(CAPNG_CFLAGS)
libswcollector_a_SOURCES = \
	include/sockwatch/collector/collector.h \
	include/sockwatch/collector/keeper.h \
	include/sockwatch/collector/privileges.h \
	src/collector/actions.c \
	src/collector/actions.h \
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
	src/collector/packet/capture.c \
	src/collector/packet/capture.h \
	src/collector/packet/expression.c \
	src/collector/packet/packet.c \
	src/collector/packet/packet.h \
	src/collector/privileges.c \
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
	src/collector/proc/pid_file.c \
	src/collector/proc/pid_file.h \
	src/collector/proc/proc.h \
	src/collector/proc/user_names.c \
	src/collector/proc/user_names.h \
	src/collector/schedule.c \
	src/collector/schedule.h \
	src/collector/walk.c \
	src/collector/walk.h \
	src/collector/wish.c \
	src/collector/wish.h
