# SPDX-License-Identifier: GPL-2.0-or-later
# One program per module: its name in UNIT_TESTS, and two lines of its own below. The source is
# tests/unit/test_MODULE.c, which begins with unit.h.
UNIT_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit $(CMOCKA_CFLAGS)
UNIT_BASE = libswbase.a $(CMOCKA_LIBS)
UNIT_ANALYSIS = libswanalysis.a libswmodel.a libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS) -lm
UNIT_APP = libswapp.a libswreport.a $(UNIT_ANALYSIS)

UNIT_TESTS = \
	tests/unit/test_address \
	tests/unit/test_buffer \
	tests/unit/test_clock \
	tests/unit/test_config_file \
	tests/unit/test_error \
	tests/unit/test_intern \
	tests/unit/test_loop \
	tests/unit/test_map \
	tests/unit/test_message \
	tests/unit/test_number \
	tests/unit/test_options \
	tests/unit/test_report \
	tests/unit/test_segment \
	tests/unit/test_stream \
	tests/unit/test_text

EXTRA_DIST += tests/unit/packets.h tests/unit/unit.h

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

tests_unit_test_address_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_address_LDADD = $(UNIT_BASE)

tests_unit_test_buffer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buffer_LDADD = $(UNIT_BASE)

tests_unit_test_clock_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_clock_LDADD = $(UNIT_BASE)

tests_unit_test_config_file_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_file_LDADD = $(UNIT_APP)

tests_unit_test_error_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_error_LDADD = $(UNIT_BASE)

# The hash is wrapped, so that the test can make texts collide.
tests_unit_test_intern_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_intern_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=map_hash_bytes
tests_unit_test_intern_LDADD = $(UNIT_BASE)

tests_unit_test_loop_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_loop_LDADD = $(UNIT_BASE)

tests_unit_test_map_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_map_LDADD = $(UNIT_BASE)

tests_unit_test_message_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_message_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_number_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_number_LDADD = $(UNIT_BASE)

tests_unit_test_segment_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_segment_LDADD = libswmodel.a $(UNIT_BASE)

tests_unit_test_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_options_LDADD = $(UNIT_APP)

tests_unit_test_report_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_report_LDADD = libswreport.a $(UNIT_ANALYSIS)

tests_unit_test_stream_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stream_LDADD = libswstream.a $(UNIT_BASE) $(MNL_LIBS) $(PCAP_LIBS)

tests_unit_test_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_text_LDADD = $(UNIT_BASE)
