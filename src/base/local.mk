# SPDX-License-Identifier: GPL-2.0-or-later
# The cellar: knows nothing of sockwatch. Each file stands alone and says in its first line what it gives; the only
# pairs are address (address_format.c writes, address_scoped.c adds the zone), loop (loop_source.c has what it waits
# for), clock (clock_parse.c reads), map (hash.c), number (number_format.c writes) and whole_file (file_words.c).
noinst_LIBRARIES += libswbase.a
libswbase_a_SOURCES = \
	include/sockwatch/base/address.h \
	include/sockwatch/base/buffer.h \
	include/sockwatch/base/clock.h \
	include/sockwatch/base/clock_steps.h \
	include/sockwatch/base/duration.h \
	include/sockwatch/base/edit_distance.h \
	include/sockwatch/base/errno_words.h \
	include/sockwatch/base/error.h \
	include/sockwatch/base/file_words.h \
	include/sockwatch/base/intern.h \
	include/sockwatch/base/keyed.h \
	include/sockwatch/base/loop.h \
	include/sockwatch/base/map.h \
	include/sockwatch/base/number.h \
	include/sockwatch/base/roff.h \
	include/sockwatch/base/text.h \
	include/sockwatch/base/whole_file.h \
	include/sockwatch/base/word.h \
	include/sockwatch/base/wrap.h \
	src/base/address.c \
	src/base/address_format.c \
	src/base/address_scoped.c \
	src/base/buffer.c \
	src/base/clock.c \
	src/base/clock_parse.c \
	src/base/clock_steps.c \
	src/base/duration.c \
	src/base/edit_distance.c \
	src/base/errno_words.c \
	src/base/error.c \
	src/base/file/file_words.c \
	src/base/file/whole_file.c \
	src/base/hash.c \
	src/base/intern.c \
	src/base/keyed.c \
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
