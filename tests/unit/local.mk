# SPDX-License-Identifier: GPL-2.0-or-later
# One program per module: its name in UNIT_TESTS, and a line of its own below. The source is
# tests/unit/test_MODULE.c, which begins with unit.h.
UNIT_BASE = libswbase.a libswunit.a $(CMOCKA_LIBS)
UNIT_MODEL = libswmodel.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_TUI = libswtui.a libswanalysis.a libswmodel.a libswstream.a $(UNIT_BASE) $(NCURSES_LIBS) \
	$(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_ANALYSIS = libswanalysis.a libswmodel.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_APP = $(SW_ALL_LIBS) libswunit.a $(CMOCKA_LIBS)
UNIT_COLLECTOR = libswcollector.a libswprivilege.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS)
UNIT_RESOLVER = libswresolver.a $(UNIT_BASE) $(CARES_LIBS) $(IDN2_LIBS)
UNIT_PROC = $(UNIT_COLLECTOR)

check_LIBRARIES += libswunit.a
libswunit_a_SOURCES = tests/unit/unit_leaks.c tests/unit/unit_leaks.h

UNIT_TESTS = \
	tests/unit/test_act_many \
	tests/unit/test_actions \
	tests/unit/test_address \
	tests/unit/test_answer \
	tests/unit/test_apply \
	tests/unit/test_apply_process \
	tests/unit/test_apply_wire \
	tests/unit/test_attribute \
	tests/unit/test_budget \
	tests/unit/test_baseline \
	tests/unit/test_buffer \
	tests/unit/test_bytecode \
	tests/unit/test_caller \
	tests/unit/test_cgroup_memory \
	tests/unit/test_cgroup_memory_bounds \
	tests/unit/test_cgroup_names \
	tests/unit/test_cgroup_path \
	tests/unit/test_clock \
	tests/unit/test_clock_steps \
	tests/unit/test_commands \
	tests/unit/test_config_file \
	tests/unit/test_container_names \
	tests/unit/test_conversation \
	tests/unit/test_conversation_events \
	tests/unit/test_conversation_open \
	tests/unit/test_counter_history \
	tests/unit/test_counters \
	tests/unit/test_counters_report \
	tests/unit/test_detail_place \
	tests/unit/test_diag \
	tests/unit/test_diagram \
	tests/unit/test_difference \
	tests/unit/test_digest \
	tests/unit/test_dump_request \
	tests/unit/test_docgen_fields \
	tests/unit/test_doctor \
	tests/unit/test_doctor_memory \
	tests/unit/test_doctor_settings \
	tests/unit/test_doctor_walks \
	tests/unit/test_duplicate \
	tests/unit/test_duration \
	tests/unit/test_edit_distance \
	tests/unit/test_error \
	tests/unit/test_event_row \
	tests/unit/test_events_line \
	tests/unit/test_explain \
	tests/unit/test_fd_scan \
	tests/unit/test_field \
	tests/unit/test_filter \
	tests/unit/test_filter_complete \
	tests/unit/test_filter_pushdown \
	tests/unit/test_filter_stack \
	tests/unit/test_filter_words \
	tests/unit/test_filter_write \
	tests/unit/test_holes \
	tests/unit/test_index \
	tests/unit/test_intern \
	tests/unit/test_key_frame \
	tests/unit/test_keyed \
	tests/unit/test_keys \
	tests/unit/test_ladder \
	tests/unit/test_layout \
	tests/unit/test_lineedit \
	tests/unit/test_listener \
	tests/unit/test_loop \
	tests/unit/test_lookup \
	tests/unit/test_made_box \
	tests/unit/test_made_model \
	tests/unit/test_made_paths \
	tests/unit/test_made_ports \
	tests/unit/test_made_reports \
	tests/unit/test_made_troubles \
	tests/unit/test_made_wire \
	tests/unit/test_map \
	tests/unit/test_memory \
	tests/unit/test_message \
	tests/unit/test_metrics \
	tests/unit/test_model \
	tests/unit/test_model_names \
	tests/unit/test_model_walks \
	tests/unit/test_mptcp \
	tests/unit/test_mtu_search \
	tests/unit/test_names \
	tests/unit/test_nsswitch \
	tests/unit/test_number \
	tests/unit/test_opener \
	tests/unit/test_options \
	tests/unit/test_owner_search \
	tests/unit/test_pages \
	tests/unit/test_partial_sort \
	tests/unit/test_path \
	tests/unit/test_path_again \
	tests/unit/test_path_delay \
	tests/unit/test_path_end \
	tests/unit/test_path_note \
	tests/unit/test_path_report \
	tests/unit/test_path_walks \
	tests/unit/test_paths_text \
	tests/unit/test_pcapng \
	tests/unit/test_pcapng_bounds \
	tests/unit/test_pcapng_writer \
	tests/unit/test_pending \
	tests/unit/test_pid_file \
	tests/unit/test_port_budget \
	tests/unit/test_privileges \
	tests/unit/test_probe_schedule \
	tests/unit/test_probe_wire \
	tests/unit/test_proc \
	tests/unit/test_proc_conntrack \
	tests/unit/test_proc_held \
	tests/unit/test_process \
	tests/unit/test_rate \
	tests/unit/test_rate_limit \
	tests/unit/test_reader_errors \
	tests/unit/test_reader_open \
	tests/unit/test_recorder \
	tests/unit/test_report \
	tests/unit/test_resend \
	tests/unit/test_resend_order \
	tests/unit/test_resolv_conf \
	tests/unit/test_resolver \
	tests/unit/test_resolver_files \
	tests/unit/test_resolver_memory \
	tests/unit/test_resolver_order \
	tests/unit/test_resync \
	tests/unit/test_resync_bounds \
	tests/unit/test_roff \
	tests/unit/test_row_order \
	tests/unit/test_rule_answer \
	tests/unit/test_rule_client \
	tests/unit/test_rule_closing \
	tests/unit/test_rule_connect \
	tests/unit/test_rule_flow \
	tests/unit/test_rule_leak \
	tests/unit/test_rule_limit \
	tests/unit/test_rule_listener \
	tests/unit/test_rule_memory \
	tests/unit/test_rule_path \
	tests/unit/test_rule_ports \
	tests/unit/test_rule_queue \
	tests/unit/test_rule_reconnect \
	tests/unit/test_rule_reset \
	tests/unit/test_rule_scan \
	tests/unit/test_rule_sentences \
	tests/unit/test_rule_silent \
	tests/unit/test_rule_sysctl \
	tests/unit/test_sandbox \
	tests/unit/test_savefile \
	tests/unit/test_schedule \
	tests/unit/test_schedule_netns \
	tests/unit/test_scroll \
	tests/unit/test_packet_cut \
	tests/unit/test_segment \
	tests/unit/test_segment_walks \
	tests/unit/test_services \
	tests/unit/test_socket \
	tests/unit/test_socket_life \
	tests/unit/test_source \
	tests/unit/test_stream \
	tests/unit/test_stream_clock \
	tests/unit/test_stream_lengths \
	tests/unit/test_subscription \
	tests/unit/test_sysctl \
	tests/unit/test_sysctl_files \
	tests/unit/test_tcp_info \
	tests/unit/test_tcp_state \
	tests/unit/test_text \
	tests/unit/test_texts \
	tests/unit/test_time_line \
	tests/unit/test_timewait \
	tests/unit/test_topic \
	tests/unit/test_trouble \
	tests/unit/test_tunnel \
	tests/unit/test_value \
	tests/unit/test_view \
	tests/unit/test_view_rows \
	tests/unit/test_view_walks \
	tests/unit/test_wire \
	tests/unit/test_wire_flood \
	tests/unit/test_wire_note \
	tests/unit/test_wire_walks \
	tests/unit/test_whole_file \
	tests/unit/test_word \
	tests/unit/test_wrap \
	tests/unit/test_zone_fields

EXTRA_DIST += tests/unit/packets.h tests/unit/path_lab.h tests/unit/path_made.h tests/unit/pcapng_file.h tests/unit/pushdown.h tests/unit/segments.h tests/unit/sockets.h tests/unit/views.h \
	tests/unit/proc_watch.h tests/unit/stream_echo.h tests/unit/unit.h

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

tests_unit_test_address_LDADD = $(UNIT_BASE)
tests_unit_test_attribute_LDADD = $(UNIT_BASE)
tests_unit_test_duration_LDADD = $(UNIT_BASE)
tests_unit_test_budget_LDADD = libswprivilege.a $(UNIT_BASE)
tests_unit_test_opener_LDADD = libswprivilege.a $(UNIT_BASE) $(CAPNG_LIBS)
tests_unit_test_privileges_LDADD = libswprivilege.a $(UNIT_BASE) $(CAPNG_LIBS)
tests_unit_test_edit_distance_LDADD = $(UNIT_BASE)
tests_unit_test_whole_file_LDADD = $(UNIT_BASE)
tests_unit_test_word_LDADD = $(UNIT_BASE)
tests_unit_test_wrap_LDADD = $(UNIT_BASE)

tests_unit_test_lookup_SOURCES = tests/unit/test_lookup.c tests/netns/dns_zone.c \
	tests/netns/dns_zone.h
tests_unit_test_lookup_LDADD = $(UNIT_RESOLVER)
tests_unit_test_resolver_files_SOURCES = tests/unit/test_resolver_files.c tests/unit/own_world.h \
	tests/unit/resolver_world.h \
	tests/netns/dns_zone.c tests/netns/dns_zone.h
tests_unit_test_resolver_order_SOURCES = tests/unit/test_resolver_order.c tests/unit/own_world.h \
	tests/unit/resolver_world.h tests/netns/dns_zone.c tests/netns/dns_zone.h
tests_unit_test_resolver_order_LDADD = $(UNIT_RESOLVER)
tests_unit_test_resolver_files_LDADD = $(UNIT_RESOLVER)
tests_unit_test_answer_SOURCES = tests/unit/test_answer.c tests/netns/dns_zone.c \
	tests/netns/dns_zone.h
tests_unit_test_answer_LDADD = $(UNIT_RESOLVER)

tests_unit_test_apply_SOURCES = tests/unit/test_apply.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_apply_LDADD = $(UNIT_MODEL)

tests_unit_test_apply_wire_SOURCES = tests/unit/test_apply_wire.c tests/unit/feed.c tests/unit/feed.h \
	tests/unit/feed_wire.h
tests_unit_test_apply_wire_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_pending_LDADD = libswsource.a libswmodel.a libswprivilege.a libswstream.a $(UNIT_BASE) \
	$(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) -lm

tests_unit_test_pages_SOURCES = tests/unit/test_pages.c tests/unit/page_file.h tests/unit/page_text.h
tests_unit_test_pages_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_made_box_SOURCES = tests/unit/test_made_box.c tests/unit/made_box.h \
	tests/unit/made_filters.h tests/unit/page_file.h tests/unit/page_text.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_box_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_memory_SOURCES = tests/unit/test_memory.c tests/unit/made_box.h \
	tests/unit/feed.c tests/unit/feed.h
tests_unit_test_memory_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_made_model_SOURCES = tests/unit/test_made_model.c tests/unit/made_box.h \
	tests/unit/page_file.h tests/unit/page_text.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_model_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_made_reports_SOURCES = tests/unit/test_made_reports.c tests/unit/made_box.h \
	tests/unit/page_file.h tests/unit/page_text.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_reports_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_made_troubles_SOURCES = tests/unit/test_made_troubles.c tests/unit/made_box.h \
	tests/unit/feed_wire.h tests/unit/packets.h tests/unit/page_file.h tests/unit/page_text.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_troubles_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_made_wire_SOURCES = tests/unit/test_made_wire.c tests/unit/page_file.h tests/unit/page_text.h \
	tests/unit/packets.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_wire_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_made_paths_SOURCES = tests/unit/test_made_paths.c tests/unit/page_file.h tests/unit/page_text.h \
	tests/unit/path_lab.h
tests_unit_test_made_paths_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_made_ports_SOURCES = tests/unit/test_made_ports.c tests/unit/page_file.h tests/unit/page_text.h \
	tests/unit/ports_lab.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_made_ports_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_partial_sort_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_buffer_LDADD = $(UNIT_BASE)

tests_unit_test_bytecode_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_caller_SOURCES = tests/unit/test_caller.c tests/unit/feed.c tests/unit/feed.h \
	tests/unit/feed_wire.h
tests_unit_test_caller_LDADD = $(UNIT_MODEL)

tests_unit_test_clock_LDADD = $(UNIT_BASE)

tests_unit_test_commands_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_config_file_LDADD = $(UNIT_APP)

tests_unit_test_counters_LDADD = $(UNIT_MODEL)

tests_unit_test_clock_steps_SOURCES = tests/unit/test_clock_steps.c tests/unit/feed.c tests/unit/feed.h \
	tests/unit/feed_wire.h tests/unit/packets.h
tests_unit_test_clock_steps_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_detail_place_SOURCES = tests/unit/test_detail_place.c
tests_unit_test_detail_place_LDADD = $(UNIT_TUI)
tests_unit_test_diag_SOURCES = tests/unit/test_diag.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_diag_LDADD = $(UNIT_MODEL)
tests_unit_test_diagram_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_conversation_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_conversation_events_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_conversation_open_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_duplicate_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_error_LDADD = $(UNIT_BASE)

tests_unit_test_field_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_complete_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_filter_pushdown_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_digest_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_index_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
# The hash is wrapped, so that the test can make texts collide.
tests_unit_test_intern_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=map_hash_bytes
tests_unit_test_intern_LDADD = $(UNIT_BASE)

tests_unit_test_loop_LDADD = $(UNIT_BASE)

tests_unit_test_map_LDADD = $(UNIT_BASE)

tests_unit_test_message_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_mptcp_SOURCES = tests/unit/test_mptcp.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_mptcp_LDADD = $(UNIT_MODEL)

tests_unit_test_model_SOURCES = tests/unit/test_model.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_model_LDADD = $(UNIT_MODEL)

tests_unit_test_texts_SOURCES = tests/unit/test_texts.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_texts_LDADD = $(UNIT_MODEL)

tests_unit_test_nsswitch_LDADD = $(UNIT_RESOLVER)
tests_unit_test_number_LDADD = $(UNIT_BASE)

tests_unit_test_docgen_fields_LDADD = $(UNIT_APP)
tests_unit_test_counters_report_SOURCES = tests/unit/test_counters_report.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_counters_report_LDADD = $(UNIT_APP)
tests_unit_test_options_LDADD = $(UNIT_APP)

tests_unit_test_process_LDADD = $(UNIT_MODEL)

tests_unit_test_report_LDADD = libswreport.a $(UNIT_ANALYSIS)

tests_unit_test_dump_request_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_events_line_LDADD = $(UNIT_TUI)

tests_unit_test_pcapng_SOURCES = tests/unit/test_pcapng.c tests/unit/pcapng_file.h
tests_unit_test_pcapng_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_pcapng_writer_SOURCES = tests/unit/test_pcapng_writer.c tests/unit/pcapng_file.h
tests_unit_test_pcapng_writer_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_pcapng_bounds_SOURCES = tests/unit/test_pcapng_bounds.c tests/unit/pcapng_file.h
tests_unit_test_pcapng_bounds_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_reader_errors_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_reader_open_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_resync_bounds_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_savefile_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_key_frame_SOURCES = tests/unit/test_key_frame.c
tests_unit_test_key_frame_LDADD = libswmodel.a $(UNIT_COLLECTOR) -lm
tests_unit_test_recorder_SOURCES = tests/unit/test_recorder.c
tests_unit_test_recorder_LDADD = libswrecording.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_metrics_SOURCES = tests/unit/test_metrics.c
tests_unit_test_metrics_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c tests/unit/schedule_watch.h
tests_unit_test_schedule_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_schedule_netns_SOURCES = tests/unit/test_schedule_netns.c \
	tests/unit/schedule_watch.h
tests_unit_test_schedule_netns_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_scroll_LDADD = $(UNIT_TUI)

tests_unit_test_wire_walks_SOURCES = tests/unit/test_wire_walks.c tests/unit/page_file.h tests/unit/random_walk.h \
	tests/unit/segments.h
tests_unit_test_wire_walks_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_model_walks_SOURCES = tests/unit/test_model_walks.c tests/unit/page_file.h \
	tests/unit/random_walk.h tests/unit/page_text.h tests/unit/packets.h tests/unit/feed.c tests/unit/feed.h tests/unit/feed_wire.h
tests_unit_test_model_walks_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_packet_cut_SOURCES = tests/unit/test_packet_cut.c tests/unit/packets.h \
	tests/unit/random_packets.h tests/unit/random_walk.h tests/unit/page_file.h
tests_unit_test_packet_cut_LDADD = libswmodel.a $(UNIT_COLLECTOR)

tests_unit_test_segment_walks_SOURCES = tests/unit/test_segment_walks.c tests/unit/packets.h \
	tests/unit/random_packets.h tests/unit/random_walk.h tests/unit/page_file.h
tests_unit_test_segment_walks_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_view_walks_SOURCES = tests/unit/test_view_walks.c tests/unit/page_file.h tests/unit/random_walk.h \
	tests/unit/made_box.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_view_walks_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_value_SOURCES = tests/unit/test_value.c tests/unit/page_file.h tests/unit/sockets.h
tests_unit_test_value_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_path_walks_SOURCES = tests/unit/test_path_walks.c tests/unit/page_file.h tests/unit/random_walk.h
tests_unit_test_path_walks_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_segment_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_holes_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_resend_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_resend_order_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_resolv_conf_SOURCES = tests/unit/test_resolv_conf.c tests/unit/own_world.h
tests_unit_test_resolv_conf_LDADD = $(UNIT_APP)

tests_unit_test_resolver_LDADD = $(UNIT_RESOLVER)
tests_unit_test_resolver_memory_LDADD = $(UNIT_RESOLVER)

tests_unit_test_services_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_model_names_LDADD = $(UNIT_MODEL)

tests_unit_test_socket_LDADD = $(UNIT_MODEL)

tests_unit_test_stream_lengths_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_stream_clock_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)
tests_unit_test_stream_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_tcp_info_LDADD = $(UNIT_MODEL)

tests_unit_test_tcp_state_LDADD = $(UNIT_MODEL)

tests_unit_test_resync_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_roff_LDADD = $(UNIT_BASE)
tests_unit_test_text_LDADD = $(UNIT_BASE)

tests_unit_test_act_many_LDADD = $(UNIT_TUI)
tests_unit_test_actions_LDADD = $(UNIT_TUI)

tests_unit_test_keys_LDADD = $(UNIT_TUI)

tests_unit_test_ladder_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_layout_LDADD = $(UNIT_TUI)

tests_unit_test_lineedit_LDADD = $(UNIT_TUI)

tests_unit_test_paths_text_LDADD = $(UNIT_TUI)

tests_unit_test_filter_stack_LDADD = $(UNIT_TUI)
tests_unit_test_zone_fields_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_filter_words_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_filter_write_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_socket_life_SOURCES = tests/unit/test_socket_life.c tests/unit/feed.c \
	tests/unit/feed.h
tests_unit_test_socket_life_LDADD = $(UNIT_ANALYSIS)

# Rights stay, so that one test can follow another; how often they are dropped is counted.
tests_unit_test_source_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=privileges_drop_viewer
tests_unit_test_source_LDADD = libswsource.a libswmodel.a libswprivilege.a libswstream.a $(UNIT_BASE) \
	$(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) -lm

tests_unit_test_view_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_view_rows_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_cgroup_names_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_cgroup_path_LDADD = $(UNIT_PROC)

tests_unit_test_container_names_LDADD = $(UNIT_PROC)

tests_unit_test_fd_scan_LDADD = $(UNIT_PROC)

tests_unit_test_mtu_search_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_names_LDADD = $(UNIT_PROC)

tests_unit_test_owner_search_LDADD = $(UNIT_PROC)

tests_unit_test_pid_file_LDADD = $(UNIT_PROC)

tests_unit_test_proc_LDADD = $(UNIT_PROC)

tests_unit_test_proc_conntrack_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_proc_held_LDADD = $(UNIT_PROC)
tests_unit_test_proc_held_LDFLAGS = -pthread
tests_unit_test_tunnel_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_wire_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_wire_flood_LDADD = libswmodel.a $(UNIT_BASE)
tests_unit_test_wire_note_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_subscription_LDADD = $(UNIT_COLLECTOR)

tests_unit_test_event_row_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_explain_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_counter_history_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rate_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_row_order_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_topic_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_sandbox_LDADD = libswprivilege.a $(UNIT_BASE) $(CAPNG_LIBS)
tests_unit_test_rate_limit_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_path_LDADD = $(UNIT_MODEL)

tests_unit_test_path_again_LDADD = $(UNIT_MODEL)

tests_unit_test_path_delay_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_path_end_LDADD = $(UNIT_MODEL)

tests_unit_test_path_note_LDADD = $(UNIT_ANALYSIS)

tests_unit_test_path_report_LDADD = libswreport.a $(UNIT_ANALYSIS)

tests_unit_test_probe_schedule_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_probe_wire_LDADD = libswcollector.a $(UNIT_BASE)

tests_unit_test_apply_process_SOURCES = tests/unit/test_apply_process.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_apply_process_LDADD = $(UNIT_MODEL)

tests_unit_test_cgroup_memory_bounds_SOURCES = tests/unit/test_cgroup_memory_bounds.c tests/unit/cgroup_tree.h
tests_unit_test_cgroup_memory_bounds_LDADD = $(UNIT_COLLECTOR)
tests_unit_test_cgroup_memory_SOURCES = tests/unit/test_cgroup_memory.c tests/unit/cgroup_tree.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_cgroup_memory_LDADD = libswcollector.a libswprivilege.a $(UNIT_MODEL)

tests_unit_test_sysctl_SOURCES = tests/unit/test_sysctl.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_sysctl_LDADD = libswcollector.a libswprivilege.a $(UNIT_MODEL)

tests_unit_test_sysctl_files_SOURCES = tests/unit/test_sysctl_files.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_sysctl_files_LDADD = libswcollector.a libswprivilege.a $(UNIT_MODEL)

tests_unit_test_time_line_SOURCES = tests/unit/test_time_line.c
tests_unit_test_time_line_LDADD = $(UNIT_TUI)
tests_unit_test_timewait_SOURCES = tests/unit/test_timewait.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_timewait_LDADD = $(UNIT_MODEL)
tests_unit_test_baseline_SOURCES = tests/unit/test_baseline.c tests/unit/sockets.h
tests_unit_test_baseline_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_doctor_SOURCES = tests/unit/test_doctor.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_doctor_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_doctor_memory_SOURCES = tests/unit/test_doctor_memory.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/feed.c tests/unit/feed.h
tests_unit_test_doctor_memory_LDADD = libswreport.a $(UNIT_ANALYSIS)
tests_unit_test_doctor_walks_SOURCES = tests/unit/test_doctor_walks.c tests/unit/doctor_lab.h \
	tests/unit/page_file.h tests/unit/random_walk.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_doctor_walks_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_doctor_settings_SOURCES = tests/unit/test_doctor_settings.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_doctor_settings_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_answer_SOURCES = tests/unit/test_rule_answer.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_answer_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_closing_SOURCES = tests/unit/test_rule_closing.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_closing_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_connect_SOURCES = tests/unit/test_rule_connect.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_connect_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_flow_SOURCES = tests/unit/test_rule_flow.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_flow_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_listener_SOURCES = tests/unit/test_rule_listener.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_listener_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_memory_SOURCES = tests/unit/test_rule_memory.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/feed.c tests/unit/feed.h tests/unit/ports_lab.h
tests_unit_test_rule_memory_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_queue_SOURCES = tests/unit/test_rule_queue.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_queue_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_reconnect_SOURCES = tests/unit/test_rule_reconnect.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_reconnect_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_silent_SOURCES = tests/unit/test_rule_silent.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_silent_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_client_SOURCES = tests/unit/test_rule_client.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_client_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_leak_SOURCES = tests/unit/test_rule_leak.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_leak_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_limit_SOURCES = tests/unit/test_rule_limit.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/feed.c tests/unit/feed.h tests/unit/ports_lab.h
tests_unit_test_rule_limit_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_sentences_SOURCES = tests/unit/test_rule_sentences.c \
	tests/unit/doctor_lab.h tests/unit/page_file.h tests/unit/page_file.h tests/unit/page_text.h
tests_unit_test_rule_sentences_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_sysctl_SOURCES = tests/unit/test_rule_sysctl.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/feed.c tests/unit/feed.h tests/unit/ports_lab.h
tests_unit_test_rule_sysctl_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_path_SOURCES = tests/unit/test_rule_path.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_path_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_reset_SOURCES = tests/unit/test_rule_reset.c tests/unit/doctor_lab.h tests/unit/page_file.h
tests_unit_test_rule_reset_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_scan_SOURCES = tests/unit/test_rule_scan.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/feed.c tests/unit/feed.h tests/unit/feed_wire.h
tests_unit_test_rule_scan_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_trouble_SOURCES = tests/unit/test_trouble.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_trouble_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_keyed_LDADD = $(UNIT_BASE)
tests_unit_test_difference_SOURCES = tests/unit/test_difference.c tests/unit/sockets.h
tests_unit_test_difference_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_listener_SOURCES = tests/unit/test_listener.c tests/unit/ports_lab.h tests/unit/feed.c \
	tests/unit/feed.h
tests_unit_test_listener_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_port_budget_SOURCES = tests/unit/test_port_budget.c tests/unit/ports_lab.h \
	tests/unit/feed.c tests/unit/feed.h
tests_unit_test_port_budget_LDADD = $(UNIT_ANALYSIS)
tests_unit_test_rule_ports_SOURCES = tests/unit/test_rule_ports.c tests/unit/doctor_lab.h tests/unit/page_file.h \
	tests/unit/ports_lab.h tests/unit/feed.c tests/unit/feed.h
tests_unit_test_rule_ports_LDADD = $(UNIT_ANALYSIS)
