/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set-id file gives its rights to whoever starts it, with an environment, options and files that
 * this user chose. Capabilities of a file do the same, but are few, are told apart, and leave the
 * user who it is.
 */
#include <config.h>

#include <sockwatch/privilege/set_id.h>

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

int
set_id_refuse(struct error *error)
{
	uid_t uid, effective_uid, saved_uid;
	gid_t gid, effective_gid, saved_gid;
	bool is_other_user, is_other_group;

	if (getresuid(&uid, &effective_uid, &saved_uid) != 0 ||
		getresgid(&gid, &effective_gid, &saved_gid) != 0) {
		error_set(error, "cannot find out who started it");
		return -EPERM;
	}
	is_other_user = uid != effective_uid || uid != saved_uid;
	is_other_group = gid != effective_gid || gid != saved_gid;
	if (!is_other_user && !is_other_group)
		return 0;
	error_set(error,
		"does not run from a set-%s-id file: whoever starts it would have the rights of its owner; chmod %s it, and use sudo or setcap (see RIGHTS in sockwatch(1))",
		is_other_user ? "user" : "group", is_other_user ? "u-s" : "g-s");
	return -EPERM;
}
