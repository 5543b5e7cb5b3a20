# SPDX-License-Identifier: GPL-2.0-or-later
# Troubles that doctor must find, made with real sockets; tests/netns/doctor_*.sh judge it by them.
check_PROGRAMS += tests/trouble/trouble
tests_trouble_trouble_SOURCES = \
	tests/trouble/ends.c \
	tests/trouble/ends.h \
	tests/trouble/lab.c \
	tests/trouble/lab.h \
	tests/trouble/proc.c \
	tests/trouble/proc.h \
	tests/trouble/segment.c \
	tests/trouble/segment.h \
	tests/trouble/trouble.c \
	tests/trouble/trouble.h \
	tests/trouble/trouble_close.c \
	tests/trouble/trouble_healthy.c \
	tests/trouble/trouble_host.c \
	tests/trouble/trouble_leak.c \
	tests/trouble/trouble_news.c \
	tests/trouble/trouble_open.c \
	tests/trouble/trouble_path.c \
	tests/trouble/trouble_queue.c \
	tests/trouble/trouble_window.c \
	tests/trouble/wire.c \
	tests/trouble/wire.h
tests_trouble_trouble_LDADD = libswbase.a
SW_DOCTOR_TESTS = \
	tests/netns/doctor_closes.sh \
	tests/netns/doctor_healthy.sh \
	tests/netns/doctor_hosts.sh \
	tests/netns/doctor_leaks.sh \
	tests/netns/doctor_opens.sh \
	tests/netns/doctor_paths.sh \
	tests/netns/doctor_queues.sh \
	tests/netns/doctor_windows.sh
dist_check_SCRIPTS += $(SW_DOCTOR_TESTS)
TESTS += $(SW_DOCTOR_TESTS)
dist_check_SCRIPTS += tests/trouble/matrix.sh tests/trouble/all.sh
EXTRA_DIST += tests/trouble/cells.sh tests/trouble/rows.sh

# Every kind in both families and sizes, and ten minutes of a healthy box: about half an hour.
matrix: sockwatch tests/trouble/trouble
	srcdir=$(srcdir) $(srcdir)/tests/trouble/all.sh
.PHONY: matrix
