# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LIBRARIES += libswapp.a
libswapp_a_SOURCES = \
	src/app/command/command.h \
	src/app/command/command_collect.c \
	src/app/command/command_connect.c \
	src/app/command/command_help.c \
	src/app/command/confine.c \
	src/app/command/confine.h \
	src/app/command/counters/command_counters.c \
	src/app/command/counters/counters_words.c \
	src/app/command/counters/counters_words.h \
	src/app/command/doctor/command_doctor.c \
	src/app/command/doctor/doctor_notes.c \
	src/app/command/doctor/doctor_notes.h \
	src/app/command/events/command_events.c \
	src/app/command/events/event_capture.c \
	src/app/command/events/event_capture.h \
	src/app/command/events/event_log.h \
	src/app/command/events/event_log_file.c \
	src/app/command/events/event_log_live.c \
	src/app/command/events/event_log_print.c \
	src/app/command/host.c \
	src/app/command/host.h \
	src/app/command/host_from.c \
	src/app/command/list/command_list.c \
	src/app/command/list/list_difference.c \
	src/app/command/list/list_difference.h \
	src/app/command/list/list_group.c \
	src/app/command/list/list_group.h \
	src/app/command/list/list_listeners.c \
	src/app/command/list/list_listeners.h \
	src/app/command/list/list_names.c \
	src/app/command/list/list_names.h \
	src/app/command/list/list_notes.c \
	src/app/command/list/list_notes.h \
	src/app/command/metrics/command_metrics.c \
	src/app/command/monitor/command_monitor.c \
	src/app/command/monitor/monitor_time.c \
	src/app/command/monitor/monitor_time.h \
	src/app/command/name_recall.c \
	src/app/command/name_recall.h \
	src/app/command/open_source.c \
	src/app/command/open_source.h \
	src/app/command/ports/command_ports.c \
	src/app/command/probe/command_probe.c \
	src/app/command/probe/probe_end.c \
	src/app/command/probe/probe_print.c \
	src/app/command/probe/probe_run.c \
	src/app/command/probe/probe_run.h \
	src/app/command/probe/probe_screen.c \
	src/app/command/probe/probe_screen.h \
	src/app/command/probe/probe_targets.c \
	src/app/command/record/command_record.c \
	src/app/command/record/record_words.c \
	src/app/command/record/record_words.h \
	src/app/command/resolve/command_resolve.c \
	src/app/command/resolve/nsswitch_words.c \
	src/app/command/resolve/nsswitch_words.h \
	src/app/command/resolve/resolv_conf_words.c \
	src/app/command/resolve/resolv_conf_words.h \
	src/app/command/rights/command_rights.c \
	src/app/command/rights/rights_words.c \
	src/app/command/rights/rights_words.h \
	src/app/command/rows/rows_look.c \
	src/app/command/rows/rows_private.h \
	src/app/command/rows/rows_run.c \
	src/app/command/rows/rows_run.h \
	src/app/command/root_files.c \
	src/app/command/root_files.h \
	src/app/command/snapshots.c \
	src/app/command/snapshots.h \
	src/app/command/stops.c \
	src/app/command/stops.h \
	src/app/command/subscribe.c \
	src/app/command/subscribe.h \
	src/app/config/baseline_file.c \
	src/app/config/baseline_file.h \
	src/app/config/config_file.c \
	src/app/config/config_file.h \
	src/app/config/config_line.c \
	src/app/config/config_line.h \
	src/app/config/config_render.c \
	src/app/config/history_file.c \
	src/app/config/history_file.h \
	src/app/config/user_file.c \
	src/app/config/user_file.h \
	src/app/config/user_setting.c \
	src/app/config/user_setting.h \
	src/app/docgen_fields.c \
	src/app/docgen_fields.h \
	src/app/docgen_topics.c \
	src/app/docgen_topics.h \
	src/app/error_print.c \
	src/app/error_print.h \
	src/app/option/command_names.c \
	src/app/option/command_names.h \
	src/app/option/completion.c \
	src/app/option/option_fields.c \
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
SW_ALL_LIBS = libswapp.a libswrecording.a libswsource.a $(SW_VIEWER_LIBS) libswcollector.a libswprivilege.a libswresolver.a libswstream.a \
	libswbase.a $(NCURSES_LIBS) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS) $(CARES_LIBS) $(IDN2_LIBS) -lm

bin_PROGRAMS += sockwatch
sockwatch_SOURCES = src/app/main.c
sockwatch_LDADD = $(SW_ALL_LIBS)

# Prints the tables for the manual and the completion: see doc/local.mk.
noinst_PROGRAMS += src/app/docgen
src_app_docgen_SOURCES = src/app/docgen.c
src_app_docgen_LDADD = $(SW_ALL_LIBS)
