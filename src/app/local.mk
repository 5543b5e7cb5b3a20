# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libswapp.a
libswapp_a_SOURCES = \
	src/app/command/command.h \
	src/app/command/command_collect.c \
	src/app/command/command_connect.c \
	src/app/command/command_help.c \
	src/app/command/command_monitor.c \
	src/app/command/command_probe.c \
	src/app/command/command_resolve.c \
	src/app/command/events/command_events.c \
	src/app/command/events/event_log.h \
	src/app/command/events/event_log_file.c \
	src/app/command/events/event_log_live.c \
	src/app/command/events/event_log_print.c \
	src/app/command/host.c \
	src/app/command/host.h \
	src/app/command/list/command_list.c \
	src/app/command/list/list_group.c \
	src/app/command/list/list_group.h \
	src/app/command/list/list_names.c \
	src/app/command/list/list_names.h \
	src/app/command/list/list_notes.c \
	src/app/command/list/list_notes.h \
	src/app/command/name_recall.c \
	src/app/command/name_recall.h \
	src/app/command/probe_screen.c \
	src/app/command/probe_screen.h \
	src/app/command/resolv_conf.c \
	src/app/command/resolv_conf.h \
	src/app/command/subscribe.c \
	src/app/command/subscribe.h \
	src/app/config/config_file.c \
	src/app/config/config_file.h \
	src/app/config/config_line.c \
	src/app/config/config_line.h \
	src/app/config/config_render.c \
	src/app/config/history_file.c \
	src/app/config/history_file.h \
	src/app/config/user_file.c \
	src/app/config/user_file.h \
	src/app/error_print.c \
	src/app/error_print.h \
	src/app/option/command_names.c \
	src/app/option/command_names.h \
	src/app/option/completion.c \
	src/app/option/option_table.c \
	src/app/option/option_value.c \
	src/app/option/options.c \
	src/app/option/options.h \
	src/app/option/options_help.c \
	src/app/option/paragraph.c \
	src/app/option/paragraph.h \
	src/app/option/suggest.c \
	src/app/option/suggest.h \
	src/app/option/usage.c \
	src/app/option/usage.h \
	src/app/output.c \
	src/app/output.h

# From the top of the house to its cellar: each library only uses those behind it.
SW_VIEWER_LIBS = libswtui.a libswreport.a libswanalysis.a libswmodel.a
SW_ALL_LIBS = libswapp.a libswsource.a $(SW_VIEWER_LIBS) libswcollector.a libswprivilege.a libswresolver.a libswstream.a \
	libswbase.a $(NCURSES_LIBS) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS) $(CARES_LIBS) -lm

bin_PROGRAMS += sockwatch
sockwatch_SOURCES = src/app/main.c
sockwatch_LDADD = $(SW_ALL_LIBS)

# Prints the tables for the manual and the completion: see doc/local.mk.
noinst_PROGRAMS += src/app/docgen
src_app_docgen_SOURCES = src/app/docgen.c
src_app_docgen_LDADD = $(SW_ALL_LIBS)
