# SPDX-License-Identifier: GPL-2.0-or-later
# Rules of the house that a script can see. Each takes the source tree from $srcdir.
dist_check_SCRIPTS += \
	tests/lint/budgets.sh \
	tests/lint/completion.sh \
	tests/lint/dist.sh \
	tests/lint/docs.sh \
	tests/lint/layers.sh \
	tests/lint/options.sh \
	tests/lint/spdx.sh \
	tests/lint/unused.sh
TESTS += \
	tests/lint/budgets.sh \
	tests/lint/completion.sh \
	tests/lint/dist.sh \
	tests/lint/docs.sh \
	tests/lint/layers.sh \
	tests/lint/options.sh \
	tests/lint/spdx.sh \
	tests/lint/unused.sh
