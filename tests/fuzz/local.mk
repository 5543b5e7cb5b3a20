# SPDX-License-Identifier: GPL-2.0-or-later
# A fuzz target is tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput, two lines below, and inputs in
# tests/fuzz/corpus/NAME (at least one). `make check` runs the inputs; after `CC=clang configure
# --enable-fuzzing --enable-sanitizers`, `tests/fuzz/fuzz_NAME DIRECTORY` searches for new ones, and `make fuzz
# FUZZ_SECONDS=60` does so with all of them (fuzz.sh). The files that a target is for stand in files.list; words that
# it may put into inputs in NAME.dict.
fuzzers =

fuzzers += tests/fuzz/fuzz_answer
tests_fuzz_fuzz_answer_LDADD = $(fuzz_main) libswresolver.a libswbase.a $(CARES_LIBS) $(IDN2_LIBS)

fuzzers += tests/fuzz/fuzz_baseline
tests_fuzz_fuzz_baseline_LDADD = $(fuzz_main) libswanalysis.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_capture
tests_fuzz_fuzz_capture_LDADD = $(fuzz_main) libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/memory_user_file.c \
	tests/fuzz/memory_user_file.h tests/fuzz/short_distance.c
tests_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=edit_distance,--wrap=user_file_read,--wrap=user_file_write
tests_fuzz_fuzz_config_LDADD = $(fuzz_main) $(SW_ALL_LIBS)

fuzzers += tests/fuzz/fuzz_diag
tests_fuzz_fuzz_diag_SOURCES = tests/fuzz/fuzz_diag.c tests/fuzz/small_wire.c
tests_fuzz_fuzz_diag_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=wire_new
tests_fuzz_fuzz_diag_LDADD = $(fuzz_main) libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) \
	$(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_doctor
tests_fuzz_fuzz_doctor_LDADD = $(fuzz_main) libswanalysis.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_files
tests_fuzz_fuzz_files_SOURCES = tests/fuzz/fuzz_files.c tests/fuzz/memory_user_file.c tests/fuzz/memory_user_file.h
tests_fuzz_fuzz_files_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=user_file_read,--wrap=user_file_write
tests_fuzz_fuzz_files_LDADD = $(fuzz_main) $(SW_ALL_LIBS)

fuzzers += tests/fuzz/fuzz_filter
tests_fuzz_fuzz_filter_LDADD = $(fuzz_main) libswanalysis.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_keeper
tests_fuzz_fuzz_keeper_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fork,--wrap=privileges_forget,--wrap=whole_file_open \
	-Wl,--wrap=whole_file_commit,--wrap=whole_file_make_directories
tests_fuzz_fuzz_keeper_LDADD = $(fuzz_main) libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) \
	$(CAPNG_LIBS) $(SECCOMP_LIBS)

fuzzers += tests/fuzz/fuzz_names
tests_fuzz_fuzz_names_SOURCES = tests/fuzz/fuzz_names.c tests/fuzz/memory_file.h
tests_fuzz_fuzz_names_LDADD = $(fuzz_main) libswresolver.a libswbase.a $(CARES_LIBS) $(IDN2_LIBS)

fuzzers += tests/fuzz/fuzz_options
tests_fuzz_fuzz_options_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=edit_distance
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c tests/fuzz/short_distance.c
tests_fuzz_fuzz_options_LDADD = $(fuzz_main) $(SW_ALL_LIBS)

fuzzers += tests/fuzz/fuzz_orders
tests_fuzz_fuzz_orders_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=proc_holds,--wrap=proc_holds_shown,--wrap=proc_verify \
	-Wl,--wrap=kill,--wrap=syscall,--wrap=namespaces_find,--wrap=destroy_socket
tests_fuzz_fuzz_orders_LDADD = $(fuzz_main) libswcollector.a libswprivilege.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS)

fuzzers += tests/fuzz/fuzz_path
tests_fuzz_fuzz_path_LDADD = $(fuzz_main) libswreport.a libswanalysis.a libswmodel.a \
	libswcollector.a libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_probe
tests_fuzz_fuzz_probe_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=probe_socket_open,--wrap=probe_socket_prepare \
	-Wl,--wrap=probe_socket_bind,--wrap=probe_socket_prepare_connected,--wrap=method_open,--wrap=reopen_target \
	-Wl,--wrap=route_watch_add \
	-Wl,--wrap=route_watch_drop,--wrap=recvmmsg,--wrap=sendmmsg,--wrap=sendmsg \
	-Wl,--wrap=clock_monotonic_ns,--wrap=clock_realtime_ns
tests_fuzz_fuzz_probe_LDADD = $(fuzz_main) libswcollector.a libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) \
	$(PCAP_LIBS) $(CAPNG_LIBS) $(SECCOMP_LIBS) $(BPF_LIBS)

fuzzers += tests/fuzz/fuzz_proc
tests_fuzz_fuzz_proc_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=openat
tests_fuzz_fuzz_proc_SOURCES = tests/fuzz/fuzz_proc.c tests/fuzz/memory_file.h
tests_fuzz_fuzz_proc_LDADD = $(fuzz_main) libswcollector.a libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) \
	$(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS)

fuzzers += tests/fuzz/fuzz_recording
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz_recording.c tests/fuzz/memory_file.h tests/fuzz/small_wire.c
tests_fuzz_fuzz_recording_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=wire_new
tests_fuzz_fuzz_recording_LDADD = $(fuzz_main) libswrecording.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_report
tests_fuzz_fuzz_report_SOURCES = tests/fuzz/fuzz_report.c tests/fuzz/records.h tests/fuzz/small_wire.c
tests_fuzz_fuzz_report_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=wire_new
tests_fuzz_fuzz_report_LDADD = $(fuzz_main) libswreport.a libswanalysis.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_screen
tests_fuzz_fuzz_screen_SOURCES = tests/fuzz/fuzz_screen.c tests/fuzz/records.h tests/fuzz/small_wire.c
tests_fuzz_fuzz_screen_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=wire_new,--wrap=isatty,--wrap=tcgetattr,--wrap=ioctl \
	-Wl,--wrap=set_escdelay,--wrap=terminal_open,--wrap=terminal_close,--wrap=terminal_suspend \
	-Wl,--wrap=crash_install,--wrap=whole_file_open,--wrap=clock_monotonic_ns,--wrap=clock_realtime_ns
tests_fuzz_fuzz_screen_LDADD = $(fuzz_main) $(SW_ALL_LIBS)

fuzzers += tests/fuzz/fuzz_segment
tests_fuzz_fuzz_segment_LDADD = $(fuzz_main) libswmodel.a libswbase.a

fuzzers += tests/fuzz/fuzz_stream
tests_fuzz_fuzz_stream_LDADD = $(fuzz_main) libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS)

# These write some of the inputs; see their heads.
EXTRA_PROGRAMS += tests/fuzz/seed_diag
tests_fuzz_seed_diag_SOURCES = tests/fuzz/seed_diag.c tests/unit/feed.c tests/unit/feed.h
tests_fuzz_seed_diag_LDADD = libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

EXTRA_PROGRAMS += tests/fuzz/seed_orders
tests_fuzz_seed_orders_LDADD = libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS)

EXTRA_PROGRAMS += tests/fuzz/seed_screen
tests_fuzz_seed_screen_SOURCES = tests/fuzz/seed_screen.c tests/fuzz/seed_fill.h tests/unit/feed.c tests/unit/feed.h \
	tests/unit/made_box.h
tests_fuzz_seed_screen_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=model_apply
tests_fuzz_seed_screen_LDADD = libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

EXTRA_PROGRAMS += tests/fuzz/seed_stream
tests_fuzz_seed_stream_SOURCES = tests/fuzz/seed_stream.c tests/fuzz/seed_fill.h
tests_fuzz_seed_stream_LDADD = libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS)

check_PROGRAMS += $(fuzzers)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/files.list tests/fuzz/fuzz.sh tests/fuzz/config.dict tests/fuzz/names.dict \
	tests/fuzz/options.dict tests/fuzz/screen.dict
FUZZ_SECONDS = 60
if FUZZING
fuzz_main = $(FUZZ_LDFLAGS)
fuzz: $(fuzzers)
	srcdir=$(srcdir) $(SHELL) $(srcdir)/tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(fuzzers)
else
fuzz:
	@echo 'this build does not fuzz: configure with --enable-fuzzing --enable-sanitizers CC=clang' >&2; exit 1
fuzz_main = libswfuzz.a
check_LIBRARIES += libswfuzz.a
libswfuzz_a_SOURCES = tests/fuzz/fuzz.h tests/fuzz/run_corpus.c
TESTS += $(fuzzers)
endif
.PHONY: fuzz
clean-local: clean-fuzz
clean-fuzz:
	rm -rf fuzz-found
.PHONY: clean-fuzz
