/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of rows, kept until the end of the look. */
#include <config.h>

#include <stdlib.h>

#include "doctor_private.h"

enum { LINKS_LEAST = 1024 };

static bool
has_link_room(struct doctor *doctor)
{
	const uint32_t capacity =
		doctor->link_capacity != 0 ? doctor->link_capacity * 2 : (uint32_t)LINKS_LEAST;
	struct row_link *grown;

	if (doctor->link_count < doctor->link_capacity)
		return true;
	if (doctor->link_count >= DOCTOR_ROW_LINKS_MAX)
		return false;
	grown = reallocarray(doctor->links, capacity, sizeof *grown);
	if (grown == NULL)
		return false;
	doctor->links = grown;
	doctor->link_capacity = capacity;
	return true;
}

void
row_list_add(const struct look *look, struct row_list *list, uint32_t id)
{
	struct doctor *const doctor = look->doctor;

	list->count++;
	if (!has_link_room(doctor)) {
		doctor->refused++;
		return;
	}
	doctor->links[doctor->link_count] = (struct row_link){.id = id, .next = list->head};
	list->head = ++doctor->link_count;
}

uint32_t
row_list_next(const struct look *look, const struct row_list *list, uint32_t *position)
{
	const struct row_link *link;

	if (*position == UINT32_MAX || (*position == 0 && list->head == 0))
		return SOCKET_NONE;
	link = &look->doctor->links[(*position == 0 ? list->head : *position) - 1];
	*position = link->next != 0 ? link->next : UINT32_MAX;
	return link->id;
}
