# SPDX-License-Identifier: GPL-2.0-or-later
# One library of this name for each folder; sources and headers in alphabetical order.
noinst_LIBRARIES += libswmodel.a
libswmodel_a_SOURCES = \
	include/sockwatch/model/conversation.h \
	include/sockwatch/model/counters.h \
	include/sockwatch/model/history.h \
	include/sockwatch/model/model.h \
	include/sockwatch/model/path.h \
	include/sockwatch/model/process.h \
	include/sockwatch/model/segment.h \
	include/sockwatch/model/socket.h \
	include/sockwatch/model/tcp_info.h \
	include/sockwatch/model/tcp_state.h \
	src/model/apply.c \
	src/model/apply.h \
	src/model/apply_diag.c \
	src/model/apply_dump.c \
	src/model/apply_probe.c \
	src/model/apply_process.c \
	src/model/counters.c \
	src/model/diag.c \
	src/model/diag.h \
	src/model/ending.c \
	src/model/ending.h \
	src/model/heir.c \
	src/model/heir.h \
	src/model/history.c \
	src/model/model.c \
	src/model/model_socket.c \
	src/model/netns.c \
	src/model/netns.h \
	src/model/packet_bytes.h \
	src/model/path.c \
	src/model/path_icmp.c \
	src/model/path_judge.c \
	src/model/path_private.h \
	src/model/process.c \
	src/model/segment.c \
	src/model/segment_format.c \
	src/model/segment_private.h \
	src/model/segment_tcp.c \
	src/model/socket.c \
	src/model/tcp_info.c \
	src/model/tcp_state.c \
	src/model/texts.c \
	src/model/texts.h
