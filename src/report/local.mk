# SPDX-License-Identifier: GPL-2.0-or-later
# One library of this name for each folder; sources and headers in alphabetical order.
noinst_LIBRARIES += libswreport.a
libswreport_a_SOURCES = \
	include/sockwatch/report/counters_report.h \
	include/sockwatch/report/difference_report.h \
	include/sockwatch/report/doctor_report.h \
	include/sockwatch/report/listeners_report.h \
	include/sockwatch/report/metrics.h \
	include/sockwatch/report/path_report.h \
	include/sockwatch/report/ports_report.h \
	include/sockwatch/report/report.h \
	src/report/counters_report.c \
	src/report/counters_text.c \
	src/report/counters_text.h \
	src/report/csv.c \
	src/report/difference_report.c \
	src/report/doctor_report.c \
	src/report/json.c \
	src/report/listeners_report.c \
	src/report/metrics/metric_set.c \
	src/report/metrics/metric_set.h \
	src/report/metrics/metric_table.c \
	src/report/metrics/metrics.c \
	src/report/metrics/service_quantiles.c \
	src/report/metrics/service_quantiles.h \
	src/report/path_lines.c \
	src/report/path_report.c \
	src/report/path_rows.c \
	src/report/path_rows.h \
	src/report/ports_report.c \
	src/report/report.c \
	src/report/rows.c \
	src/report/rows.h \
	src/report/text_table.c
