# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libswsource.a
libswsource_a_SOURCES = \
	include/sockwatch/source/source.h \
	src/source/file.c \
	src/source/live.c \
	src/source/pending.c \
	src/source/pending.h \
	src/source/source.c \
	src/source/source_private.h
