# SPDX-License-Identifier: GPL-2.0-or-later
# Names by c-ares.
noinst_LIBRARIES += libswresolver.a
libswresolver_a_SOURCES = include/sockwatch/resolver/resolver.h
