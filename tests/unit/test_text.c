/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/text.h>

#include <locale.h>
#include <string.h>

#include "unit.h"

/* A literal that may hold NUL. */
#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

static const struct text nothing = {NULL, 0};

static void
compares(void **state)
{
	(void)state;
	assert_true(text_equal(text_of("abc"), TEXT("abc")));
	assert_false(text_equal(text_of("abc"), TEXT("abd")));
	assert_false(text_equal(text_of("abc"), TEXT("ab")));
	assert_true(text_equal(nothing, TEXT("")));
	assert_true(text_compare(TEXT("ab"), TEXT("abc")) < 0);
	assert_true(text_compare(TEXT("b"), TEXT("abc")) > 0);
	assert_true(text_compare(TEXT("\xff"), TEXT("a")) > 0);
	assert_int_equal(text_compare(TEXT("abc"), TEXT("abc")), 0);
	assert_int_equal(text_compare(nothing, nothing), 0);
	assert_true(text_compare(nothing, TEXT("a")) < 0);
}

static void
ignores_case(void **state)
{
	(void)state;
	assert_true(text_equal_nocase(TEXT("Close-WAIT"), "close-wait"));
	assert_false(text_equal_nocase(TEXT("close"), "close-wait"));
	assert_false(text_equal_nocase(TEXT("@"), "`"));
	assert_true(text_equal_nocase(nothing, ""));
}

static void
contains(void **state)
{
	(void)state;
	assert_true(text_contains_nocase(TEXT("/usr/sbin/NGINX"), TEXT("nginx")));
	assert_true(text_contains_nocase(TEXT("nnnginx"), TEXT("nNg")));
	assert_true(text_contains_nocase(TEXT("abc"), TEXT("")));
	assert_true(text_contains_nocase(TEXT("abc"), TEXT("abc")));
	assert_true(text_contains_nocase(TEXT("abc"), TEXT("C")));
	assert_false(text_contains_nocase(TEXT("abc"), TEXT("abcd")));
	assert_false(text_contains_nocase(TEXT("abc"), TEXT("d")));
	assert_false(text_contains_nocase(nothing, TEXT("d")));
	assert_true(text_contains_nocase(nothing, nothing));
}

static const struct {
	struct text in;
	const char *out;
} cleaned[] = {
	{TEXT("plain text"), "plain text"},
	{TEXT("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
		"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"},
	{TEXT("a\tb\nc\0d"), "a b c d"},
	{TEXT("\x1b[31mred\x07\r\x7f"), "?[31mred???"},
	/* C1: CSI as a character, and as a bare byte */
	{TEXT("\xc2\x9b"
	      "31m \x9b"),
		"?31m ?"},
	{TEXT("\xc2\x80\xc2\x9f\xc2\xa0"), "??\xc2\xa0"},
	/* overlong forms of '/' and of U+07FF and U+FFFF */
	{TEXT("\xc0\xaf"), "??"},
	{TEXT("\xe0\x9f\xbf"), "???"},
	{TEXT("\xf0\x8f\xbf\xbf"), "????"},
	{TEXT("\xe0\xa0\x80\xf0\x90\x80\x80"), "\xe0\xa0\x80\xf0\x90\x80\x80"},
	/* surrogates and their neighbours */
	{TEXT("\xed\xa0\x80\xed\xbf\xbf"), "??????"},
	{TEXT("\xed\x9f\xbf\xee\x80\x80"), "\xed\x9f\xbf\xee\x80\x80"},
	/* the last character and what is beyond */
	{TEXT("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf"},
	{TEXT("\xf4\x90\x80\x80\xf5\xff"), "??????"},
	/* cut in the middle, and followed by something else */
	{TEXT("\xe2\x82"), "??"},
	{TEXT("\xe2\x82x\xc3"), "??x?"},
	/* U+061C, 200E, 200F, 2028, 202A, 202E, 2066, 2069 */
	{TEXT("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa8\xe2\x80\xaa\xe2\x80\xae"), "??????"},
	{TEXT("\xe2\x81\xa6\xe2\x81\xa9"), "??"},
	/* a joiner stays: U+200D */
	{TEXT("\xe2\x80\x8d"), "\xe2\x80\x8d"},
};

static void
cleans(void **state)
{
	(void)state;
	unit_each (i, cleaned) {
		char out[64];

		assert_int_equal(
			text_clean(cleaned[i].in, out, sizeof out), strlen(cleaned[i].out));
		assert_string_equal(out, cleaned[i].out);
	}
}

static void
cleans_into_little(void **state)
{
	char out[8] = "unset";

	(void)state;
	assert_int_equal(text_clean(TEXT("abc"), out, 0), 0);
	assert_string_equal(out, "unset");
	assert_int_equal(text_clean(TEXT("abc"), out, 1), 0);
	assert_string_equal(out, "");
	assert_int_equal(text_clean(TEXT("abc"), out, 3), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(text_clean(TEXT("a\xe2\x82\xac"), out, 4), 1);
	assert_string_equal(out, "a");
	assert_int_equal(text_clean(TEXT("a\xe2\x82\xac"), out, 5), 4);
	assert_string_equal(out, "a\xe2\x82\xac");
	assert_int_equal(text_clean(nothing, out, sizeof out), 0);
	assert_string_equal(out, "");
}

/* Whatever the bytes are, what comes out is clean: cleaning it again changes nothing. */
static void
every_pair_of_bytes_becomes_clean(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 65536; pair++) {
		const char in[] = {'\xe2', (char)(pair >> 8), (char)pair, '\x80'};
		char once[16];
		char twice[16];
		const size_t len = text_clean((struct text){in, sizeof in}, once, sizeof once);

		text_clean((struct text){once, len}, twice, sizeof twice);
		assert_string_equal(once, twice);
		assert_null(strpbrk(once, "\x1b\r\n\t\x7f"));
	}
}

static void
cuts_lines(void **state)
{
	struct text rest = TEXT("one\n\nthree"), line;

	(void)state;
	assert_true(text_next_line(&rest, &line));
	assert_true(text_equal(line, TEXT("one")));
	assert_true(text_next_line(&rest, &line));
	assert_true(text_equal(line, TEXT("")));
	assert_true(text_next_line(&rest, &line));
	assert_true(text_equal(line, TEXT("three")));
	assert_false(text_next_line(&rest, &line));
	/* No line follows a newline at the end. */
	rest = TEXT("\n");
	assert_true(text_next_line(&rest, &line));
	assert_true(text_equal(line, TEXT("")));
	assert_false(text_next_line(&rest, &line));
	rest = nothing;
	assert_false(text_next_line(&rest, &line));
}

static void
cuts(void **state)
{
	struct text rest = TEXT("a::b");

	(void)state;
	assert_true(text_equal(text_cut(&rest, ':'), TEXT("a")));
	assert_true(text_equal(text_cut(&rest, ':'), TEXT("")));
	assert_true(text_equal(rest, TEXT("b")));
	assert_true(text_equal(text_cut(&rest, ':'), TEXT("b")));
	assert_int_equal(rest.len, 0);
	assert_int_equal(text_cut(&rest, ':').len, 0);
}

static void
adds(void **state)
{
	char out[8] = "unset";
	size_t len;

	(void)state;
	assert_int_equal(text_add(out, 0, 0, "abc"), 0);
	assert_string_equal(out, "unset");
	assert_int_equal(text_add(out, 1, 0, "abc"), 0);
	assert_string_equal(out, "");
	len = text_add(out, sizeof out, 0, "%d", 12);
	assert_int_equal(len, 2);
	len = text_add(out, sizeof out, len, "%s", "");
	assert_int_equal(len, 2);
	len = text_add(out, sizeof out, len, "-%s", "345");
	assert_int_equal(len, 6);
	assert_string_equal(out, "12-345");
	/* The last byte that there is room for, and beyond. */
	assert_int_equal(text_add(out, sizeof out, len, "6"), 7);
	assert_string_equal(out, "12-3456");
	assert_int_equal(text_add(out, sizeof out, len, "xyz"), 7);
	assert_string_equal(out, "12-345x");
	assert_int_equal(text_add(out, sizeof out, 7, "z"), 7);
	assert_string_equal(out, "12-345x");
}

static void
measures(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("plain"), 5);
	assert_int_equal(text_width("\xff\x01"), 2);
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		unit_skip("needs the locale C.UTF-8");
	assert_int_equal(text_width("gr\xc3\xbc\xc3\x9f"), 4);
	assert_int_equal(text_width("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* two wide ones */
	assert_int_equal(text_width("e\xcc\x81"), 1);                /* combining */
}

static void
truncates(void **state)
{
	static const struct {
		const char *in;
		size_t columns;
		bool mark;
		const char *out;
		size_t width;
	} cases[] = {
		{"abcdef", 6, true, "abcdef", 6},
		{"abcdef", 5, true, "abcd~", 5},
		{"abcdef", 5, false, "abcde", 5},
		{"abcdef", 1, true, "~", 1},
		{"abcdef", 0, true, "", 0},
		{"", 0, true, "", 0},
		{"\xe6\xbc\xa2\xe5\xad\x97", 4, true, "\xe6\xbc\xa2\xe5\xad\x97", 4},
		{"\xe6\xbc\xa2\xe5\xad\x97", 3, true, "\xe6\xbc\xa2~", 3},
		{"\xe6\xbc\xa2\xe5\xad\x97", 2, true, "~", 1}, /* no half of a wide one */
		{"\xe6\xbc\xa2\xe5\xad\x97", 3, false, "\xe6\xbc\xa2", 2},
		{"e\xcc\x81xy", 2, true, "e\xcc\x81~", 2}, /* the accent stays with its letter */
		{"xye\xcc\x81", 3, true, "xye\xcc\x81", 3},
	};

	(void)state;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		unit_skip("needs the locale C.UTF-8");
	unit_each (i, cases) {
		char text[32];

		strcpy(text, cases[i].in);
		assert_int_equal(
			text_truncate(text, cases[i].columns, cases[i].mark), cases[i].width);
		assert_string_equal(text, cases[i].out);
		assert_int_equal(text_width(text), cases[i].width);
	}
}

/* Only A to Z have another case. */
static void
edges_of_letters(void **state)
{
	(void)state;
	assert_true(text_equal_nocase(text_of("AZaz"), "azAZ"));
	assert_false(text_equal_nocase(text_of("@"), "`"));
	assert_false(text_equal_nocase(text_of("["), "{"));
	assert_false(text_equal_nocase(text_of("A"), "b"));
	assert_true(text_contains_nocase(text_of("xyZ"), text_of("Yz")));
	assert_false(text_contains_nocase(text_of("xy["), text_of("y{")));
}

/* The first and the last character of each length, and the bytes beside them. */
static void
edges_of_characters(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{"\x1f ~\x7f", "? ~?"},
		{"\x80", "?"},
		{"\xbf", "?"},
		{"\xc1\xbf", "??"},
		{"\xc2\x80", "?"},
		{"\xc2\x9f", "?"},
		{"\xc2\xa0", "\xc2\xa0"},
		{"\xdf\xbf", "\xdf\xbf"},
		{"\xe0\x9f\xbf", "???"},
		{"\xe0\xa0\x80", "\xe0\xa0\x80"},
		{"\xed\x9f\xbf", "\xed\x9f\xbf"},
		{"\xed\xa0\x80", "???"},
		{"\xee\x80\x80", "\xee\x80\x80"},
		{"\xef\xbf\xbf", "\xef\xbf\xbf"},
		{"\xf0\x8f\xbf\xbf", "????"},
		{"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
		{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
		{"\xf4\x90\x80\x80", "????"},
		{"\xf5\x80\x80\x80", "????"},
		{"\xe2\x82", "??"},
		{"\xe2\x82\x2c", "??,"},
		{"\xe2\x82\xc0", "???"},
		{"\xd8\x9b", "\xd8\x9b"},
		{"\xd8\x9c", "?"},
		{"\xd8\x9d", "\xd8\x9d"},
		{"\xe2\x80\x8d", "\xe2\x80\x8d"},
		{"\xe2\x80\x8e", "?"},
		{"\xe2\x80\x8f", "?"},
		{"\xe2\x80\x90", "\xe2\x80\x90"},
		{"\xe2\x80\xa7", "\xe2\x80\xa7"},
		{"\xe2\x80\xa8", "?"},
		{"\xe2\x80\xae", "?"},
		{"\xe2\x80\xaf", "\xe2\x80\xaf"},
		{"\xe2\x81\xa5", "\xe2\x81\xa5"},
		{"\xe2\x81\xa6", "?"},
		{"\xe2\x81\xa9", "?"},
		{"\xe2\x81\xaa", "\xe2\x81\xaa"},
		{"a\tb\nc\rd", "a b c?d"},
	};

	(void)state;
	unit_each (i, cases) {
		char clean[32];

		assert_int_equal(text_clean(text_of(cases[i].text), clean, sizeof clean),
			strlen(cases[i].clean));
		assert_string_equal(clean, cases[i].clean);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(ignores_case),
		cmocka_unit_test(contains),
		cmocka_unit_test(cleans),
		cmocka_unit_test(cleans_into_little),
		cmocka_unit_test(every_pair_of_bytes_becomes_clean),
		cmocka_unit_test(cuts_lines),
		cmocka_unit_test(cuts),
		cmocka_unit_test(adds),
		cmocka_unit_test(measures),
		cmocka_unit_test(truncates),
		cmocka_unit_test(edges_of_letters),
		cmocka_unit_test(edges_of_characters),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
