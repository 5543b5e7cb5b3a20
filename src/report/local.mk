# SPDX-License-Identifier: GPL-2.0-or-later
# One library of this name for each folder; sources and headers in alphabetical order.
noinst_LIBRARIES += libswreport.a
libswreport_a_SOURCES = \
	include/sockwatch/report/path_report.h \
	include/sockwatch/report/report.h \
	src/report/csv.c \
	src/report/json.c \
	src/report/path_report.c \
	src/report/report.c \
	src/report/rows.c \
	src/report/rows.h \
	src/report/text_table.c
