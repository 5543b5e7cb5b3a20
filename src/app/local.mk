# SPDX-License-Identifier: GPL-2.0-or-later
bin_PROGRAMS += sockwatch
sockwatch_SOURCES = src/app/main.c
# From the top of the house to its cellar: each library only uses those behind it.
SW_VIEWER_LIBS = libswtui.a libswreport.a libswanalysis.a libswmodel.a
sockwatch_LDADD = $(SW_VIEWER_LIBS) libswcollector.a libswstream.a libswbase.a \
	$(NCURSES_LIBS) $(MNL_LIBS) $(PCAP_LIBS) $(CAPNG_LIBS) -lm
