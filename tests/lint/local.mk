# SPDX-License-Identifier: GPL-2.0-or-later
# Rules of the house that a script can see. Each takes the source tree from $srcdir.
dist_check_SCRIPTS += \
	tests/lint/bootstrap.sh \
	tests/lint/budgets.sh \
	tests/lint/circles.sh \
	tests/lint/completion.sh \
	tests/lint/dist.sh \
	tests/lint/docs.sh \
	tests/lint/hardening.sh \
	tests/lint/layers.sh \
	tests/lint/musl.sh \
	tests/lint/options.sh \
	tests/lint/reproducible.sh \
	tests/lint/spdx.sh \
	tests/lint/style.sh \
	tests/lint/unused.sh
TESTS += \
	tests/lint/bootstrap.sh \
	tests/lint/budgets.sh \
	tests/lint/circles.sh \
	tests/lint/completion.sh \
	tests/lint/dist.sh \
	tests/lint/docs.sh \
	tests/lint/hardening.sh \
	tests/lint/layers.sh \
	tests/lint/musl.sh \
	tests/lint/options.sh \
	tests/lint/reproducible.sh \
	tests/lint/spdx.sh \
	tests/lint/style.sh \
	tests/lint/unused.sh

# make analyze: clang-tidy over src; clean, or it names the line. It takes minutes.
EXTRA_DIST += tests/lint/clang-tidy.yaml
CLANG_TIDY = clang-tidy
analyze: all
	find $(srcdir)/src -name '*.c' ! -name '*.bpf.c' ! -name bpf_trace_none.c | sort | \
		xargs -P "$$(nproc)" -n 4 $(SHELL) -c '"$$0" --quiet \
			--config-file=$(srcdir)/tests/lint/clang-tidy.yaml "$$@" -- -std=gnu11 $(DEFS) \
			$(DEFAULT_INCLUDES) $(AM_CPPFLAGS) -Isrc/collector/bpf $(NCURSES_CFLAGS) $(MNL_CFLAGS) \
			$(PCAP_CFLAGS) $(CAPNG_CFLAGS) $(CARES_CFLAGS) $(CPPFLAGS) 2>/dev/null' "$(CLANG_TIDY)"
