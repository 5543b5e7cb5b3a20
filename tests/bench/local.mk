# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: sockwatch beside its peers, on populations that populate makes.
SW_BENCH = tests/bench/baredump tests/bench/drive tests/bench/flood tests/bench/look tests/bench/measure tests/bench/populate \
	tests/bench/probes tests/bench/wire
check_PROGRAMS += $(SW_BENCH)
tests_bench_baredump_SOURCES = tests/bench/baredump.c
tests_bench_drive_SOURCES = tests/bench/drive.c
tests_bench_drive_LDADD = -lutil
tests_bench_flood_SOURCES = tests/bench/flood.c tests/bench/inject.c tests/bench/inject.h
tests_bench_look_SOURCES = tests/bench/look.c
tests_bench_look_LDADD = $(UNIT_ANALYSIS)
tests_bench_measure_SOURCES = tests/bench/measure.c
tests_bench_populate_SOURCES = tests/bench/populate.c
tests_bench_probes_SOURCES = tests/bench/probes.c tests/bench/probes_lab.c tests/bench/probes_lab.h
tests_bench_probes_LDADD = $(UNIT_MODEL)
tests_bench_wire_SOURCES = tests/bench/wire.c
tests_bench_wire_LDADD = libswmodel.a libswbase.a
dist_check_SCRIPTS += tests/bench/bench.sh tests/bench/doctor.sh tests/bench/flood.sh tests/bench/lives.sh \
	tests/bench/probes.sh tests/bench/rtt.sh

bench: $(SW_BENCH) sockwatch tests/netns/account tests/netns/delay tests/netns/storm
	builddir=. $(srcdir)/tests/bench/bench.sh
	builddir=. $(srcdir)/tests/bench/doctor.sh
	builddir=. $(srcdir)/tests/bench/flood.sh
	builddir=. $(srcdir)/tests/bench/lives.sh
	builddir=. $(srcdir)/tests/bench/probes.sh
	srcdir=$(srcdir) $(srcdir)/tests/bench/rtt.sh

dist_check_SCRIPTS += tests/bench/soak.sh
soak: tests/bench/populate sockwatch
	builddir=. $(srcdir)/tests/bench/soak.sh
.PHONY: soak
