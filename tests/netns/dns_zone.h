/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answers of the test's DNS server: right, wrong, or malicious; see dns_zone.c. */
#ifndef SOCKWATCH_TESTS_NETNS_DNS_ZONE_H
#define SOCKWATCH_TESTS_NETNS_DNS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_ZONE_BYTES = 8192, DNS_ZONE_REPLIES = 2, DNS_ZONE_NAME = 256 };

struct dns_zone_reply {
	uint8_t bytes[DNS_ZONE_BYTES];
	size_t len;
	size_t alias;           /* where the name stands that an alias points at; 0: none */
	bool is_from_elsewhere; /* to be sent from another port than was asked */
};

struct dns_zone_question {
	char name[DNS_ZONE_NAME]; /* dotted, lower case */
	unsigned type;
	size_t end; /* of the question in the message */
};

/* false: it is no question that a resolver would ask. */
bool dns_zone_parse(const uint8_t *message, size_t len, struct dns_zone_question *question);
/* How many replies are to be sent, in this order; 0: silence. */
size_t dns_zone_answer(const uint8_t *message, const struct dns_zone_question *question,
	bool is_tcp, struct dns_zone_reply replies[DNS_ZONE_REPLIES]);

#endif
