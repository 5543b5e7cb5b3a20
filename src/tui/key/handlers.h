/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handlers of the action table, each in the file of its subject. */
#ifndef SOCKWATCH_TUI_KEY_HANDLERS_H
#define SOCKWATCH_TUI_KEY_HANDLERS_H

struct tui;

/* navigate.c */
void do_up(struct tui *tui);
void do_down(struct tui *tui);
void do_page_up(struct tui *tui);
void do_page_down(struct tui *tui);
void do_top(struct tui *tui);
void do_bottom(struct tui *tui);
void do_left(struct tui *tui);
void do_right(struct tui *tui);
void do_enter(struct tui *tui);
void do_back(struct tui *tui);
void do_leave(struct tui *tui);
void do_quit(struct tui *tui);
void do_redraw(struct tui *tui);
void do_suspend(struct tui *tui);
void do_next_pane(struct tui *tui);
void do_dismiss(struct tui *tui);

/* time_keys.c */
void do_time_run(struct tui *tui);
void do_save_past(struct tui *tui); /* export.c */
void do_time_back(struct tui *tui);
void do_time_on(struct tui *tui);
void do_time_back_minute(struct tui *tui);
void do_time_on_minute(struct tui *tui);
void do_time_mark_before(struct tui *tui);
void do_time_mark_after(struct tui *tui);
void do_time_jump(struct tui *tui);
void do_time_speed(struct tui *tui);

/* findings_keys.c */
void do_finding_accept(struct tui *tui);
void do_finding_act(struct tui *tui);
void do_finding_baseline(struct tui *tui);

/* detail.c */
void do_next_section(struct tui *tui);

/* rows_keys.c */
void do_filter(struct tui *tui);
void do_sort(struct tui *tui);
void do_sort_previous(struct tui *tui);
void do_sort_next(struct tui *tui);
void do_sort_invert(struct tui *tui);
void do_arrival(struct tui *tui);

/* order.c */
void do_own(struct tui *tui);
void do_group(struct tui *tui);
void do_unfold(struct tui *tui);
void do_fold(struct tui *tui);
void do_unfold_all(struct tui *tui);
void do_hold(struct tui *tui);
void do_follow(struct tui *tui);
void do_pause(struct tui *tui);
void do_numeric(struct tui *tui);
void do_delay(struct tui *tui);

/* filter_menu.c */
void do_filter_state(struct tui *tui);
void do_filter_port(struct tui *tui);
void do_filter_process(struct tui *tui);
void do_filter_user(struct tui *tui);
void do_filter_address(struct tui *tui);

/* events.c, events_cursor.c */
void do_events(struct tui *tui);
void do_events_still(struct tui *tui);
void do_events_filter(struct tui *tui);

/* paths_probe.c, paths_keys.c */
void do_probe(struct tui *tui);
void do_path_again(struct tui *tui);
void do_path_stop(struct tui *tui);
void do_path_pause(struct tui *tui);
void do_path_udp(struct tui *tui);
void do_path_tcp(struct tui *tui);
void do_path_names(struct tui *tui);
void do_path_columns(struct tui *tui);
void do_path_flows(struct tui *tui);
void do_path_mtu(struct tui *tui);
void do_path_interval(struct tui *tui);
void do_path_max_ttl(struct tui *tui);

/* counters_keys.c */
void do_counters_zeros(struct tui *tui);
void do_counters_all(struct tui *tui);
void do_counters_netns(struct tui *tui);
void do_listeners_other(struct tui *tui);

/* table_pane.c */
void do_tag(struct tui *tui);
void do_untag(struct tui *tui);

/* search.c */
void do_search(struct tui *tui);

/* close_signal.c */
void do_close_or_signal(struct tui *tui);
/* The half with rights has looked again who holds the socket of the menu. */
void close_signal_answered(struct tui *tui);

/* export.c */
void do_copy(struct tui *tui);
void do_write(struct tui *tui);

/* help.c, setup.c */
void do_help(struct tui *tui);
void do_help_search(struct tui *tui);
void do_help_next(struct tui *tui);
void do_setup(struct tui *tui);
void do_column_up(struct tui *tui);
void do_column_down(struct tui *tui);
void do_column_remove(struct tui *tui);
void do_setup_next(struct tui *tui);

/* confirm.c */
void do_yes(struct tui *tui);
void do_no(struct tui *tui);

#endif
