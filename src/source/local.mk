# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libswsource.a
libswsource_a_SOURCES = \
	include/sockwatch/source/playback.h \
	include/sockwatch/source/source.h \
	src/source/file.c \
	src/source/live.c \
	src/source/pending.c \
	src/source/pending.h \
	src/source/playback.c \
	src/source/playback_marks.c \
	src/source/playback_open.c \
	src/source/playback_private.h \
	src/source/source.c \
	src/source/source_private.h \
	src/source/track.c \
	src/source/track.h
