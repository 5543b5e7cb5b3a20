# SPDX-License-Identifier: GPL-2.0-or-later
# Names by c-ares.
noinst_LIBRARIES += libswresolver.a
libswresolver_a_CFLAGS = $(AM_CFLAGS) $(CARES_CFLAGS) $(IDN2_CFLAGS)
libswresolver_a_SOURCES = \
	include/sockwatch/resolver/nsswitch.h \
	include/sockwatch/resolver/resolv_conf.h \
	include/sockwatch/resolver/resolver.h \
	src/resolver/dns/answer.c \
	src/resolver/dns/answer.h \
	src/resolver/cache.c \
	src/resolver/cache.h \
	src/resolver/dns/channel.c \
	src/resolver/dns/channel.h \
	src/resolver/channels.c \
	src/resolver/channels.h \
	src/resolver/file_mark.c \
	src/resolver/file_mark.h \
	src/resolver/from_hosts.c \
	src/resolver/from_hosts.h \
	src/resolver/hosts.c \
	src/resolver/hosts.h \
	src/resolver/idn.c \
	src/resolver/idn.h \
	src/resolver/lookup.c \
	src/resolver/lookup.h \
	src/resolver/nsswitch.c \
	src/resolver/query.c \
	src/resolver/query.h \
	src/resolver/dns/question.h \
	src/resolver/resolv_conf.c \
	src/resolver/resolver.c \
	src/resolver/reverse.c \
	src/resolver/reverse.h \
	src/resolver/dns/servers.c \
	src/resolver/dns/servers.h
if CARES_RECORDS
libswresolver_a_SOURCES += src/resolver/dns/question_record.c
else
libswresolver_a_SOURCES += src/resolver/dns/question_bytes.c
endif
