# SPDX-License-Identifier: GPL-2.0-or-later
# Rights: who holds them, how they are given up.
noinst_LIBRARIES += libswprivilege.a
libswprivilege_a_CPPFLAGS = $(AM_CPPFLAGS) -Isrc/privilege/sandbox
libswprivilege_a_CFLAGS = $(AM_CFLAGS) $(CAPNG_CFLAGS)
libswprivilege_a_SOURCES = \
	include/sockwatch/privilege/budget.h \
	include/sockwatch/privilege/enter.h \
	include/sockwatch/privilege/inherited.h \
	include/sockwatch/privilege/keeper.h \
	include/sockwatch/privilege/lock.h \
	include/sockwatch/privilege/netns_enter.h \
	include/sockwatch/privilege/netns_find.h \
	include/sockwatch/privilege/opener.h \
	include/sockwatch/privilege/privileges.h \
	include/sockwatch/privilege/process_rights.h \
	include/sockwatch/privilege/sandbox.h \
	include/sockwatch/privilege/set_id.h \
	include/sockwatch/privilege/user.h \
	src/privilege/budget.c \
	src/privilege/closing.c \
	src/privilege/closing.h \
	src/privilege/enter.c \
	src/privilege/exchange.c \
	src/privilege/exchange.h \
	src/privilege/inherited.c \
	src/privilege/keeper.c \
	src/privilege/keeper_ask.c \
	src/privilege/keeper_private.h \
	src/privilege/sandbox/landlock.c \
	src/privilege/sandbox/landlock.h \
	src/privilege/lifeline.c \
	src/privilege/lifeline.h \
	src/privilege/lock.c \
	src/privilege/netns_enter.c \
	src/privilege/netns_etc.c \
	src/privilege/netns_etc.h \
	src/privilege/netns_find.c \
	src/privilege/opener.c \
	src/privilege/opener_private.h \
	src/privilege/privileges.c \
	src/privilege/process_rights.c \
	src/privilege/sandbox/sandbox.c \
	src/privilege/set_id.c \
	src/privilege/sandbox/syscall_filter.h \
	src/privilege/sandbox/syscall_table.h \
	src/privilege/user.c
if SECCOMP
libswprivilege_a_SOURCES += src/privilege/sandbox/syscall_filter.c
noinst_PROGRAMS += src/privilege/sandbox/make_filters
BUILT_SOURCES += src/privilege/sandbox/filters.h
CLEANFILES += src/privilege/sandbox/filters.h
src/privilege/sandbox/filters.h: src/privilege/sandbox/make_filters$(EXEEXT)
	$(AM_V_GEN)src/privilege/sandbox/make_filters$(EXEEXT) >$@.tmp && mv $@.tmp $@
src/privilege/sandbox/libswprivilege_a-syscall_filter.$(OBJEXT): src/privilege/sandbox/filters.h
else
libswprivilege_a_SOURCES += src/privilege/sandbox/syscall_filter_none.c
endif
src_privilege_sandbox_make_filters_SOURCES = \
	src/privilege/sandbox/make_filters.c \
	src/privilege/sandbox/syscall_bounds.c \
	src/privilege/sandbox/syscall_table.c
src_privilege_sandbox_make_filters_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
src_privilege_sandbox_make_filters_LDADD = $(SECCOMP_LIBS)
EXTRA_DIST += src/privilege/sandbox/syscall_filter.c src/privilege/sandbox/syscall_filter_none.c
