/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno of connect() or of a probe means to the person who runs the box. */
#include <config.h>

#include <sockwatch/base/errno_words.h>

#include <errno.h>
#include <stddef.h>

#define ROW(name_, meaning_)                                                                       \
	{                                                                                          \
		.number = name_, .name = #name_, .meaning = meaning_                               \
	}

static const struct errno_words table[] = {
	ROW(EPERM, "a firewall of this box does not let it out"),
	ROW(EACCES, "not allowed: a firewall on the way, a prohibit route or a policy of this box "
		    "forbids it"),
	ROW(EINVAL, "the address is not valid here, or a blackhole route of this box takes it"),
	ROW(EMFILE, "this process has no descriptor left (ulimit -n)"),
	ROW(ENFILE, "the box has no descriptor left (fs.file-max)"),
	ROW(ENOBUFS, "the kernel has no buffer left for it"),
	ROW(ENOMEM, "the kernel has no memory left for it"),
	ROW(EMSGSIZE, "it is larger than the path takes, and must not be fragmented"),
	ROW(EPROTONOSUPPORT, "this kernel does not have the protocol"),
	ROW(EAFNOSUPPORT, "this kernel does not have the address family (IPv6 switched off?)"),
	ROW(EADDRINUSE, "the local address and port are taken by another socket"),
	ROW(EADDRNOTAVAIL,
		"no local port is left for that destination, or the source address is not of this "
		"box"),
	ROW(ENETDOWN, "the interface is down"),
	ROW(ENETUNREACH, "there is no route to that network"),
	ROW(ECONNABORTED, "the connection was ended by this box"),
	ROW(ECONNRESET, "the other side reset it: it took the connection and dropped it"),
	ROW(ETIMEDOUT, "nobody answers: the host is down, or a firewall drops without a word"),
	ROW(ECONNREFUSED,
		"the host is up, but nothing listens on that port (or a firewall says so)"),
	ROW(EHOSTDOWN, "the host is down"),
	ROW(EHOSTUNREACH, "the host cannot be reached: nobody on its network has that address, or "
			  "a router says so"),
	ROW(EALREADY, "a connect is under way already"),
	ROW(EINPROGRESS, "no error: the answer is still to come"),
};

const struct errno_words *
errno_words_find(int number)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}
