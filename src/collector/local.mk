# SPDX-License-Identifier: GPL-2.0-or-later
# One library of this name for each folder; sources and headers in alphabetical order.
noinst_LIBRARIES += libswcollector.a
libswcollector_a_SOURCES =
