/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked with -Wl,--wrap=wire_new: the model of a target has room for few conversations. That of
 * the usual bounds takes a sanitizer most of the time of a short input.
 */
#include <config.h>

#include <stddef.h>

#include "model/wire/wire_input.h"

struct wire *__real_wire_new(const struct wire_options *options);
struct wire *__wrap_wire_new(const struct wire_options *options);

struct wire *
__wrap_wire_new(const struct wire_options *options)
{
	static const struct wire_options small = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = 4};

	return __real_wire_new(options != NULL ? options : &small);
}
