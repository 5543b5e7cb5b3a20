/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts names by libidn2, which getaddrinfo uses too (AI_IDN). */
#include <config.h>

#include "idn.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef HAVE_LIBIDN2

#include <idn2.h>

/* The characters are the locale's; where that has only ASCII, they are UTF-8. */
static int
convert(const char *name, char **ascii)
{
	int result = idn2_lookup_ul(name, ascii, 0);

	if (result == IDN2_ICONV_FAIL || result == IDN2_ENCODING_ERROR)
		result = idn2_lookup_u8((const uint8_t *)name, (uint8_t **)ascii, IDN2_NFC_INPUT);
	return result;
}

static int
to_ascii(const char *name, char *out, size_t size, struct error *error)
{
	char *ascii = NULL;
	int result = convert(name, &ascii);

	if (result == IDN2_OK && strlen(ascii) >= size)
		result = IDN2_TOO_BIG_DOMAIN;
	if (result == IDN2_OK)
		snprintf(out, size, "%s", ascii);
	idn2_free(ascii);
	if (result == IDN2_OK)
		return 0;
	error_set(error, "\"%.80s\" is not a host name: %s", name, idn2_strerror(result));
	return -EINVAL;
}

#else

static int
to_ascii(const char *name, char *out, size_t size, struct error *error)
{
	(void)out;
	(void)size;
	error_set(error,
		"\"%.80s\" has characters beyond ASCII, and this sockwatch is built without libidn2; use the form of DNS, xn--…",
		name);
	return -EINVAL;
}

#endif

int
idn_to_ascii(const char *name, char *out, size_t size, struct error *error)
{
	bool is_ascii = true;

	for (const char *at = name; *at != '\0'; at++)
		is_ascii &= (unsigned char)*at < 0x80;
	if (!is_ascii)
		return to_ascii(name, out, size, error);
	snprintf(out, size, "%s", name);
	return 0;
}
