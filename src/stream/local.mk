# SPDX-License-Identifier: GPL-2.0-or-later
# The messages and their transport.
noinst_LIBRARIES += libswstream.a
libswstream_a_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS) $(PCAP_CFLAGS)
libswstream_a_SOURCES = \
	include/sockwatch/stream/array.h \
	include/sockwatch/stream/attribute.h \
	include/sockwatch/stream/cutter.h \
	include/sockwatch/stream/index.h \
	include/sockwatch/stream/losses.h \
	include/sockwatch/stream/message.h \
	include/sockwatch/stream/message_probe.h \
	include/sockwatch/stream/message_subscription.h \
	include/sockwatch/stream/needs.h \
	include/sockwatch/stream/rights.h \
	include/sockwatch/stream/pcapng_writer.h \
	include/sockwatch/stream/stream.h \
	include/sockwatch/stream/sysctl.h \
	src/stream/cutter.c \
	src/stream/framing.c \
	src/stream/framing.h \
	src/stream/index.c \
	src/stream/message.c \
	src/stream/message_table.c \
	src/stream/message_table.h \
	src/stream/parser.c \
	src/stream/parser.h \
	src/stream/pcapng.c \
	src/stream/pcapng.h \
	src/stream/pcapng_writer.c \
	src/stream/reader.c \
	src/stream/reader_open.c \
	src/stream/reader_private.h \
	src/stream/resync.c \
	src/stream/savefile.c \
	src/stream/savefile.h \
	src/stream/sysctl.c \
	src/stream/writer.c
