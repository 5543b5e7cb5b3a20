# SPDX-License-Identifier: GPL-2.0-or-later
# What is known turned into what is shown: fields, filter, order, groups.
noinst_LIBRARIES += libswanalysis.a
libswanalysis_a_SOURCES = \
	include/sockwatch/analysis/event_row.h \
	include/sockwatch/analysis/field.h \
	include/sockwatch/analysis/filter.h \
	include/sockwatch/analysis/hop_row.h \
	include/sockwatch/analysis/path_note.h \
	include/sockwatch/analysis/services.h \
	include/sockwatch/analysis/view.h \
	src/analysis/arrange.c \
	src/analysis/arrange.h \
	src/analysis/distinct.c \
	src/analysis/distinct.h \
	src/analysis/event_fields.c \
	src/analysis/event_getters.c \
	src/analysis/event_getters.h \
	src/analysis/event_line.c \
	src/analysis/field.c \
	src/analysis/field_format.c \
	src/analysis/field_print.c \
	src/analysis/field_sets.c \
	src/analysis/filter.c \
	src/analysis/filter_complete.c \
	src/analysis/filter_lex.c \
	src/analysis/filter_match.c \
	src/analysis/filter_operand.c \
	src/analysis/filter_parse.c \
	src/analysis/filter_place.c \
	src/analysis/filter_pushdown.c \
	src/analysis/filter_term.c \
	src/analysis/filter_tree.h \
	src/analysis/filter_word.c \
	src/analysis/hop_fields.c \
	src/analysis/hop_getters.c \
	src/analysis/hop_getters.h \
	src/analysis/path_note.c \
	src/analysis/services.c \
	src/analysis/services.h \
	src/analysis/socket_fields.c \
	src/analysis/socket_get_life.c \
	src/analysis/socket_get_state.c \
	src/analysis/socket_get_tcp.c \
	src/analysis/socket_get_where.c \
	src/analysis/socket_get_who.c \
	src/analysis/socket_getters.h \
	src/analysis/value.c \
	src/analysis/value.h \
	src/analysis/view.c \
	src/analysis/view_fill.c \
	src/analysis/view_group.c \
	src/analysis/view_group_lines.c \
	src/analysis/view_group_sums.c \
	src/analysis/view_hold.c \
	src/analysis/view_state.h \
	src/analysis/view_tally.c
