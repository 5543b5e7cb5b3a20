# SPDX-License-Identifier: GPL-2.0-or-later
# Names by c-ares.
noinst_LIBRARIES += libswresolver.a
libswresolver_a_SOURCES = \
	include/sockwatch/resolver/resolver.h \
	src/resolver/answer.c \
	src/resolver/answer.h \
	src/resolver/cache.c \
	src/resolver/cache.h \
	src/resolver/channel.c \
	src/resolver/channel.h \
	src/resolver/channels.c \
	src/resolver/channels.h \
	src/resolver/file_mark.c \
	src/resolver/file_mark.h \
	src/resolver/hosts.c \
	src/resolver/hosts.h \
	src/resolver/query.c \
	src/resolver/query.h \
	src/resolver/resolver.c \
	src/resolver/servers.c \
	src/resolver/servers.h
