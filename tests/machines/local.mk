# SPDX-License-Identifier: GPL-2.0-or-later
# make check-debian SUITE=trixie ARCH=i386 MIRROR=URL: all tests in a fresh Debian. Each may be left out.
EXTRA_DIST += tests/machines/debian.sh
SUITE = bookworm trixie
ARCH =
MIRROR =
check-debian:
	for suite in $(SUITE); do $(srcdir)/tests/machines/debian.sh $$suite "$(ARCH)" $(MIRROR) || exit 1; done
.PHONY: check-debian
