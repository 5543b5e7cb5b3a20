# SPDX-License-Identifier: GPL-2.0-or-later
# Rights: who holds them, how they are given up.
noinst_LIBRARIES += libswprivilege.a
libswprivilege_a_CFLAGS = $(AM_CFLAGS) $(CAPNG_CFLAGS)
libswprivilege_a_SOURCES = \
	include/sockwatch/privilege/enter.h \
	include/sockwatch/privilege/keeper.h \
	include/sockwatch/privilege/netns_enter.h \
	include/sockwatch/privilege/netns_find.h \
	include/sockwatch/privilege/privileges.h \
	src/privilege/enter.c \
	src/privilege/keeper.c \
	src/privilege/netns_enter.c \
	src/privilege/netns_find.c \
	src/privilege/privileges.c
