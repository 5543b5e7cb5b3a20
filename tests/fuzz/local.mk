# SPDX-License-Identifier: GPL-2.0-or-later
# A fuzz target is tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput, two lines below, and inputs in
# tests/fuzz/corpus/NAME (at least one). `make check` runs the inputs; after `CC=clang configure
# --enable-fuzzing --enable-sanitizers`, `tests/fuzz/fuzz_NAME DIRECTORY` searches for new ones.
fuzzers =

fuzzers += tests/fuzz/fuzz_answer
tests_fuzz_fuzz_answer_LDADD = $(fuzz_main) libswresolver.a libswbase.a $(CARES_LIBS)

fuzzers += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_LDADD = $(fuzz_main) $(SW_ALL_LIBS)

fuzzers += tests/fuzz/fuzz_diag
tests_fuzz_fuzz_diag_LDADD = $(fuzz_main) libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) \
	$(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_filter
tests_fuzz_fuzz_filter_LDADD = $(fuzz_main) libswanalysis.a libswmodel.a libswstream.a libswbase.a \
	$(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_path
tests_fuzz_fuzz_path_LDADD = $(fuzz_main) libswreport.a libswanalysis.a libswmodel.a \
	libswcollector.a libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

fuzzers += tests/fuzz/fuzz_proc
tests_fuzz_fuzz_proc_LDADD = $(fuzz_main) libswcollector.a libswprivilege.a libswstream.a libswbase.a $(MNL_LIBS) \
	$(PCAP_LIBS) $(CAPNG_LIBS) $(BPF_LIBS)

fuzzers += tests/fuzz/fuzz_segment
tests_fuzz_fuzz_segment_LDADD = $(fuzz_main) libswmodel.a libswbase.a

fuzzers += tests/fuzz/fuzz_stream
tests_fuzz_fuzz_stream_LDADD = $(fuzz_main) libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS)

# These write some of the inputs; see their heads.
EXTRA_PROGRAMS += tests/fuzz/seed_diag
tests_fuzz_seed_diag_SOURCES = tests/fuzz/seed_diag.c tests/unit/feed.c tests/unit/feed.h
tests_fuzz_seed_diag_LDADD = libswmodel.a libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS) -lm

EXTRA_PROGRAMS += tests/fuzz/seed_stream
tests_fuzz_seed_stream_LDADD = libswstream.a libswbase.a $(MNL_LIBS) $(PCAP_LIBS)

check_PROGRAMS += $(fuzzers)
EXTRA_DIST += tests/fuzz/corpus
if FUZZING
fuzz_main = $(FUZZ_LDFLAGS)
else
fuzz_main = libswfuzz.a
check_LIBRARIES += libswfuzz.a
libswfuzz_a_SOURCES = tests/fuzz/fuzz.h tests/fuzz/run_corpus.c
TESTS += $(fuzzers)
endif
