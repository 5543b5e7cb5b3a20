# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libswapp.a
libswapp_a_SOURCES = \
	src/app/collect.c \
	src/app/collector_feed.c \
	src/app/collector_feed.h \
	src/app/commands.c \
	src/app/commands.h \
	src/app/complain.c \
	src/app/completion.c \
	src/app/config_file.c \
	src/app/config_file.h \
	src/app/config_render.c \
	src/app/connect.c \
	src/app/event_log.c \
	src/app/event_log.h \
	src/app/event_log_file.c \
	src/app/event_log_live.c \
	src/app/event_log_print.c \
	src/app/help.c \
	src/app/history_file.c \
	src/app/history_file.h \
	src/app/host.c \
	src/app/host.h \
	src/app/list.c \
	src/app/list_group.c \
	src/app/list_group.h \
	src/app/list_names.c \
	src/app/list_names.h \
	src/app/list_notes.c \
	src/app/list_notes.h \
	src/app/list_source.c \
	src/app/list_source.h \
	src/app/monitor.c \
	src/app/name_recall.c \
	src/app/name_recall.h \
	src/app/option_table.c \
	src/app/option_value.c \
	src/app/options.c \
	src/app/options.h \
	src/app/options_help.c \
	src/app/output.c \
	src/app/output.h \
	src/app/probe.c \
	src/app/probe_feed.c \
	src/app/probe_feed.h \
	src/app/probe_screen.c \
	src/app/probe_screen.h \
	src/app/resolv_conf.c \
	src/app/resolv_conf.h \
	src/app/resolve.c \
	src/app/store.c \
	src/app/store.h \
	src/app/suggest.c \
	src/app/suggest.h \
	src/app/wish.c \
	src/app/wish.h \
	src/app/wrap.c \
	src/app/wrap.h

# From the top of the house to its cellar: each library only uses those behind it.
SW_VIEWER_LIBS = libswtui.a libswreport.a libswanalysis.a libswmodel.a
SW_ALL_LIBS = libswapp.a $(SW_VIEWER_LIBS) libswcollector.a libswresolver.a libswstream.a \
	libswbase.a $(NCURSES_LIBS) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS) $(CARES_LIBS) -lm

bin_PROGRAMS += sockwatch
sockwatch_SOURCES = src/app/main.c
sockwatch_LDADD = $(SW_ALL_LIBS)

# Prints the tables for the manual and the completion: see doc/local.mk.
noinst_PROGRAMS += src/app/docgen
src_app_docgen_SOURCES = src/app/docgen.c
src_app_docgen_LDADD = $(SW_ALL_LIBS)
