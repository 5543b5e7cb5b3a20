/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list to choose from, over the page. Typing finds. While it is open the rows under it keep their
 * order.
 */
#ifndef SOCKWATCH_TUI_OVERLAY_MENU_H
#define SOCKWATCH_TUI_OVERLAY_MENU_H

#include <stdbool.h>
#include <stdint.h>

struct pane;
struct topic;
struct tui;

extern const struct pane menu_pane;

#define MENU_NO_COUNT UINT32_MAX

struct menu_item {
	char *label; /* owned; shown */
	char *value; /* owned; for the code that opened the menu */
	const void *object;
	uint32_t count; /* shown to the right, or MENU_NO_COUNT */
};

struct menu_ops {
	/*
	 * item lives until the next menu_begin; NULL: what was typed is meant, which no item
	 * contains. The menu is closed already.
	 */
	void (*choose)(struct tui *tui, const struct menu_item *item, const char *typed);
	bool takes_typed;
	/* What help explains of an item; false: nothing. May be NULL. */
	bool (*topic)(const struct menu_item *item, struct topic *topic);
};

/* Begins a menu; add to it, then open it. An empty one shows that it is empty. */
void menu_begin(struct tui *tui, const struct menu_ops *ops, const char *title);
/* label is cleaned when drawn; value may be NULL. */
void menu_add(
	struct tui *tui, const char *label, const char *value, const void *object, uint32_t count);
/* With the cursor on the item of this object, or on the first. */
void menu_open(struct tui *tui, const void *object);
/* The item under the cursor; NULL: none. */
const struct menu_item *menu_under_cursor(const struct tui *tui);
/* For menu_ops.topic where the objects of the items are fields, or NULL. */
bool menu_topic_of_field(const struct menu_item *item, struct topic *topic);
/* Items were added while it is open: what was typed, and the cursor, stay. */
void menu_grown(struct tui *tui);
void menu_fini(struct tui *tui);

#endif
