# SPDX-License-Identifier: GPL-2.0-or-later
# Knows nothing of sockwatch.
noinst_LIBRARIES += libswbase.a
libswbase_a_SOURCES = \
	include/sockwatch/base/address.h \
	include/sockwatch/base/buffer.h \
	include/sockwatch/base/clock.h \
	include/sockwatch/base/duration.h \
	include/sockwatch/base/edit_distance.h \
	include/sockwatch/base/errno_words.h \
	include/sockwatch/base/error.h \
	include/sockwatch/base/intern.h \
	include/sockwatch/base/loop.h \
	include/sockwatch/base/map.h \
	include/sockwatch/base/number.h \
	include/sockwatch/base/roff.h \
	include/sockwatch/base/text.h \
	include/sockwatch/base/word.h \
	include/sockwatch/base/wrap.h \
	src/base/address.c \
	src/base/address_format.c \
	src/base/buffer.c \
	src/base/clock.c \
	src/base/duration.c \
	src/base/edit_distance.c \
	src/base/errno_words.c \
	src/base/error.c \
	src/base/hash.c \
	src/base/intern.c \
	src/base/loop.c \
	src/base/loop_source.c \
	src/base/loop_source.h \
	src/base/map.c \
	src/base/number.c \
	src/base/number_format.c \
	src/base/roff.c \
	src/base/text.c \
	src/base/word.c \
	src/base/wrap.c
