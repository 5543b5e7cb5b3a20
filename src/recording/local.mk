# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings: files, rings of files, their indexes.
noinst_LIBRARIES += libswrecording.a
libswrecording_a_SOURCES = \
	include/sockwatch/recording/recorder.h \
	src/recording/copy.c \
	src/recording/piece.c \
	src/recording/piece.h \
	src/recording/recorder.c \
	src/recording/resume.c \
	src/recording/resume.h \
	src/recording/ring.c \
	src/recording/ring.h
