/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checked walk over netlink attributes (struct nlattr, linux/netlink.h), for both halves. It
 * runs for every attribute of every socket, so it is inline and takes no callback.
 */
#ifndef SOCKWATCH_STREAM_ATTRIBUTE_H
#define SOCKWATCH_STREAM_ATTRIBUTE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	ATTRIBUTE_HEADER = 4,
	ATTRIBUTE_ALIGNMENT = 4,
	ATTRIBUTE_TYPE_MASK = 0x3fff, /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
};

struct attribute {
	unsigned type;
	const uint8_t *data; /* inside what is walked, not aligned to more than 4 */
	size_t len;
};

/*
 * Takes the next attribute off the *left bytes at *at, with its padding. The last one need not be
 * padded. 1; 0 at the end; -EINVAL when its length does not fit.
 */
static inline int
attribute_next(const uint8_t **at, size_t *left, struct attribute *attribute)
{
	uint16_t head[2]; /* length with the header, type */
	size_t step;

	if (*left == 0)
		return 0;
	if (*left < ATTRIBUTE_HEADER)
		return -EINVAL;
	memcpy(head, *at, sizeof head);
	if (head[0] < ATTRIBUTE_HEADER || head[0] > *left)
		return -EINVAL;
	attribute->type = head[1] & ATTRIBUTE_TYPE_MASK;
	attribute->data = *at + ATTRIBUTE_HEADER;
	attribute->len = head[0] - (size_t)ATTRIBUTE_HEADER;
	step = ((size_t)head[0] + ATTRIBUTE_ALIGNMENT - 1) / ATTRIBUTE_ALIGNMENT *
	       ATTRIBUTE_ALIGNMENT;
	if (step > *left)
		step = *left;
	*at += step;
	*left -= step;
	return 1;
}

#endif
