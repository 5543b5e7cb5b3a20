/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked with -Wl,--wrap=edit_distance: what a wrong word may have meant takes most of the time of
 * a target whose words are mostly wrong.
 */
#include <config.h>

#include <sockwatch/base/edit_distance.h>

size_t __wrap_edit_distance(struct text a, struct text b);

size_t
__wrap_edit_distance(struct text a, struct text b)
{
	return a.len > b.len ? a.len - b.len : b.len - a.len;
}
