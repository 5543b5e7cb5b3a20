# SPDX-License-Identifier: GPL-2.0-or-later
# One program per module: its name in UNIT_TESTS, and a line of its own below. The source is
# tests/unit/test_MODULE.c, which begins with unit.h.
UNIT_BASE = libswbase.a $(CMOCKA_LIBS)
UNIT_MODEL = libswmodel.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_TUI = libswtui.a libswanalysis.a libswmodel.a libswstream.a $(UNIT_BASE) $(NCURSES_LIBS) \
	$(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_ANALYSIS = libswanalysis.a libswmodel.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_APP = $(SW_ALL_LIBS) $(CMOCKA_LIBS)
UNIT_COLLECTOR = libswcollector.a libswprivilege.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS)
UNIT_RESOLVER = libswresolver.a $(UNIT_BASE) $(CARES_LIBS)
UNIT_PROC = $(UNIT_COLLECTOR)

UNIT_TESTS = \
	tests/unit/test_actions \
	tests/unit/test_address \
	tests/unit/test_answer \
	tests/unit/test_apply \
	tests/unit/test_apply_wire \
	tests/unit/test_attribute \
	tests/unit/test_buffer \
	tests/unit/test_bytecode \
	tests/unit/test_caller \
	tests/unit/test_cgroup_path \
	tests/unit/test_clock \
	tests/unit/test_config_file \
	tests/unit/test_container_names \
	tests/unit/test_conversation \
	tests/unit/test_conversation_events \
	tests/unit/test_counters \
	tests/unit/test_diag \
	tests/unit/test_diagram \
	tests/unit/test_digest \
	tests/unit/test_dump_request \
	tests/unit/test_duplicate \
	tests/unit/test_duration \
	tests/unit/test_edit_distance \
	tests/unit/test_error \
	tests/unit/test_events_line \
	tests/unit/test_explain \
	tests/unit/test_fd_scan \
	tests/unit/test_field \
	tests/unit/test_filter \
	tests/unit/test_filter_complete \
	tests/unit/test_filter_pushdown \
	tests/unit/test_filter_stack \
	tests/unit/test_intern \
	tests/unit/test_keys \
	tests/unit/test_ladder \
	tests/unit/test_layout \
	tests/unit/test_lineedit \
	tests/unit/test_loop \
	tests/unit/test_map \
	tests/unit/test_message \
	tests/unit/test_model \
	tests/unit/test_model_names \
	tests/unit/test_names \
	tests/unit/test_number \
	tests/unit/test_options \
	tests/unit/test_owner_search \
	tests/unit/test_partial_sort \
	tests/unit/test_path \
	tests/unit/test_path_again \
	tests/unit/test_path_delay \
	tests/unit/test_path_note \
	tests/unit/test_path_report \
	tests/unit/test_paths_text \
	tests/unit/test_pid_file \
	tests/unit/test_probe_schedule \
	tests/unit/test_probe_wire \
	tests/unit/test_proc \
	tests/unit/test_process \
	tests/unit/test_rate \
	tests/unit/test_rate_limit \
	tests/unit/test_report \
	tests/unit/test_resolv_conf \
	tests/unit/test_resolver \
	tests/unit/test_roff \
	tests/unit/test_savefile \
	tests/unit/test_scroll \
	tests/unit/test_segment \
	tests/unit/test_services \
	tests/unit/test_socket \
	tests/unit/test_socket_life \
	tests/unit/test_source \
	tests/unit/test_stream \
	tests/unit/test_subscription \
	tests/unit/test_tcp_info \
	tests/unit/test_tcp_state \
	tests/unit/test_text \
	tests/unit/test_timewait \
	tests/unit/test_view \
	tests/unit/test_wire \
	tests/unit/test_wire_flood \
	tests/unit/test_wire_note \
	tests/unit/test_word \
	tests/unit/test_wrap

EXTRA_DIST += tests/unit/packets.h tests/unit/path_made.h tests/unit/pushdown.h tests/unit/segments.h tests/unit/sockets.h \
	tests/unit/stream_echo.h tests/unit/unit.h

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

tests_unit_test_address_LDADD = $(UNIT_BASE)
tests_unit_test_attribute_LDADD = $(UNIT_BASE)
tests_unit_test_duration_LDADD = $(UNIT_BASE)
tests_unit_test_edit_distance_LDADD = $(UNIT_BASE)
tests_unit_test_word_LDADD = $(UNIT_BASE)
tests_unit_test_wrap_LDADD = $(UNIT_BASE)

tests_unit_test_answer_SOURCES = tests/unit/test_answer.c tests/netns/dns_zone.c \
	tests/netns/dns_zone.h
tests_unit_test_answer_LDADD = $(UNIT_RESOLVER)

tests_unit_test_apply_SOURCES = tests/unit/test_apply.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_apply_LDADD = $(UNIT_MODEL)

tests_unit_test_apply_wire_SOURCES = tests/unit/test_apply_wire.c tests/unit/feed.c tests/unit/feed.h \
	tests/unit/feed_wire.h
tests_unit_test_apply_wire_LDADD = $(UNIT_MODEL)

tests_unit_test_partial_sort_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_buffer_LDADD = $(UNIT_BASE)

tests_unit_test_bytecode_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_caller_SOURCES = tests/unit/test_caller.c tests/unit/feed.c tests/unit/feed.h \
	tests/unit/feed_wire.h
tests_unit_test_caller_LDADD = $(UNIT_MODEL)

tests_unit_test_clock_LDADD = $(UNIT_BASE)

tests_unit_test_config_file_LDADD = $(UNIT_APP)

tests_unit_test_counters_LDADD = $(UNIT_MODEL)

tests_unit_test_diag_SOURCES = tests/unit/test_diag.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_diag_LDADD = $(UNIT_MODEL)
tests_unit_test_diagram_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_conversation_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_conversation_events_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_duplicate_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_error_LDADD = $(UNIT_BASE)

tests_unit_test_field_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_complete_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_pushdown_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_digest_LDADD = $(UNIT_COLLECTOR)

# The hash is wrapped, so that the test can make texts collide.
tests_unit_test_intern_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=map_hash_bytes
tests_unit_test_intern_LDADD = $(UNIT_BASE)

tests_unit_test_loop_LDADD = $(UNIT_BASE)

tests_unit_test_map_LDADD = $(UNIT_BASE)

tests_unit_test_message_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_model_SOURCES = tests/unit/test_model.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_model_LDADD = $(UNIT_MODEL)

tests_unit_test_number_LDADD = $(UNIT_BASE)

tests_unit_test_options_LDADD = $(UNIT_APP)

tests_unit_test_process_LDADD = $(UNIT_MODEL)

tests_unit_test_report_LDADD = libswreport.a $(UNIT_ANALYSIS)

tests_unit_test_dump_request_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_events_line_LDADD = $(UNIT_TUI)

tests_unit_test_savefile_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_scroll_LDADD = $(UNIT_TUI)

tests_unit_test_segment_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_resolv_conf_LDADD = $(UNIT_APP)

tests_unit_test_resolver_LDADD = $(UNIT_RESOLVER)

tests_unit_test_services_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_model_names_LDADD = $(UNIT_MODEL)

tests_unit_test_socket_LDADD = $(UNIT_MODEL)

tests_unit_test_stream_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_tcp_info_LDADD = $(UNIT_MODEL)

tests_unit_test_tcp_state_LDADD = $(UNIT_MODEL)

tests_unit_test_roff_LDADD = $(UNIT_BASE)
tests_unit_test_text_LDADD = $(UNIT_BASE)

tests_unit_test_actions_LDADD = $(UNIT_TUI)

tests_unit_test_keys_LDADD = $(UNIT_TUI)

tests_unit_test_ladder_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_layout_LDADD = $(UNIT_TUI)

tests_unit_test_lineedit_LDADD = $(UNIT_TUI)

tests_unit_test_paths_text_LDADD = $(UNIT_TUI)

tests_unit_test_filter_stack_LDADD = $(UNIT_TUI)

tests_unit_test_socket_life_SOURCES = tests/unit/test_socket_life.c tests/unit/feed.c \
	tests/unit/feed.h
tests_unit_test_socket_life_LDADD = $(UNIT_ANALYSIS)

# Rights stay, so that one test can follow another; how often they are dropped is counted.
tests_unit_test_source_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=privileges_drop_viewer
tests_unit_test_source_LDADD = libswsource.a libswmodel.a libswprivilege.a libswstream.a $(UNIT_BASE) \
	$(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) -lm

tests_unit_test_view_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_cgroup_path_LDADD = $(UNIT_PROC)

tests_unit_test_container_names_LDADD = $(UNIT_PROC)

tests_unit_test_fd_scan_LDADD = $(UNIT_PROC)

tests_unit_test_names_LDADD = $(UNIT_PROC)

tests_unit_test_owner_search_LDADD = $(UNIT_PROC)

tests_unit_test_pid_file_LDADD = $(UNIT_PROC)

tests_unit_test_proc_LDADD = $(UNIT_PROC)
tests_unit_test_wire_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_wire_flood_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_wire_note_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_subscription_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_explain_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_rate_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_rate_limit_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_path_LDADD = $(UNIT_MODEL)

tests_unit_test_path_again_LDADD = $(UNIT_MODEL)

tests_unit_test_path_delay_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_path_note_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_path_report_LDADD = libswreport.a $(UNIT_ANALYSIS)

tests_unit_test_probe_schedule_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_probe_wire_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_timewait_SOURCES = tests/unit/test_timewait.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_timewait_LDADD = $(UNIT_MODEL)
