/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <stdio.h>

#include "collector/proc/cgroup/cgroup_path.h"
#include "unit.h"

#define ID_A "3f4e9c1b2a7d8e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f"
#define ID_B "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
assert_text(struct text text, const char *expected)
{
	if (text_equal(text, text_of(expected)))
		return;
	fail_msg("\"%.*s\" is not \"%s\"", (int)text.len, text.data, expected);
}

static const struct {
	const char *path, *unit, *container, *name;
} explained[] = {
	{"/", "", "", ""},
	{"", "", "", ""},
	{"/init.scope", "init.scope", "", ""},
	{"/system.slice/nginx.service", "nginx.service", "", ""},
	{"/system.slice/system-postgresql.slice/postgresql@15-main.service",
		"postgresql@15-main.service", "", ""},
	{"/system.slice/nginx.service/workers", "nginx.service", "", ""},
	{"/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "", ""},
	{"/user.slice/user-1000.slice/user@1000.service/app.slice/emacs.service", "emacs.service",
		"", ""},
	{"/user.slice", "", "", ""},
	{"/.service", "", "", ""},
	/* Docker: cgroupfs driver, systemd driver */
	{"/docker/" ID_A, "", ID_A, ""},
	{"/system.slice/docker-" ID_A ".scope", "docker-" ID_A ".scope", ID_A, ""},
	{"/docker/" ID_A "/system.slice/cron.service", "cron.service", ID_A, ""},
	{"/docker/" ID_A "/docker/" ID_B, "", ID_B, ""},
	{"/system.slice/docker.service", "docker.service", "", ""},
	/* Podman: the container, its init below it, and its monitor, which is none */
	{"/machine.slice/libpod-" ID_A ".scope", "libpod-" ID_A ".scope", ID_A, ""},
	{"/machine.slice/libpod-" ID_A ".scope/container", "libpod-" ID_A ".scope", ID_A, ""},
	{"/machine.slice/libpod-conmon-" ID_A ".scope", "libpod-conmon-" ID_A ".scope", "", ""},
	{"/libpod_parent/libpod-" ID_A, "", ID_A, ""},
	/* Kubernetes */
	{"/kubepods/besteffort/pod8a6e0d3c-1f2b-4c5d-9e8f-7a6b5c4d3e2f/" ID_A, "", ID_A, ""},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod8a6e.slice/"
	 "cri-containerd-" ID_A ".scope",
		"cri-containerd-" ID_A ".scope", ID_A, ""},
	{"/kubepods.slice/kubepods-pod8a6e.slice/crio-" ID_A ".scope", "crio-" ID_A ".scope", ID_A,
		""},
	{"/kubepods.slice/kubepods-pod8a6e.slice/crio-conmon-" ID_A ".scope",
		"crio-conmon-" ID_A ".scope", "", ""},
	{"/system.slice/containerd.service/"
	 "kubepods-burstable-pod8a6e.slice:cri-containerd:" ID_A,
		"containerd.service", ID_A, ""},
	/* ECS: on EC2, on Fargate */
	{"/ecs/8d1c0f7b2a3e4d5c/" ID_A, "", ID_A, ""},
	{"/ecs/0123456789abcdef0123456789abcdef/"
	 "0123456789abcdef0123456789abcdef-3057940393",
		"", "0123456789abcdef0123456789abcdef-3057940393", ""},
	{"/0123456789abcdef0123456789abcdef-0", "", "0123456789abcdef0123456789abcdef-0", ""},
	{"/0123456789abcdef0123456789abcdef-", "", "", ""},
	{"/0123456789abcdef0123456789abcdef-30x", "", "", ""},
	{"/0123456789abcdef0123456789abcdef-3/", "", "0123456789abcdef0123456789abcdef-3", ""},
	{"/0123456789abcdef0123456789abcdef-:", "", "", ""},
	{"/0123456789abcdefg123456789abcdef-3", "", "", ""},
	{"/0123456789abcdef0123456789abcdef03", "", "", ""},
	/* LXC 4, 3, 1; its monitor is none */
	{"/lxc.payload.web", "", "web", "web"},
	{"/lxc.payload.web/system.slice/nginx.service", "nginx.service", "web", "web"},
	{"/lxc.payload/web", "", "web", "web"},
	{"/lxc/web", "", "web", "web"},
	{"/lxc.monitor.web", "", "", ""},
	/* systemd-nspawn, started by hand and by its unit; libvirt: LXC, and a machine */
	{"/machine.slice/machine-build.scope/payload", "machine-build.scope", "build", "build"},
	{"/machine.slice/systemd-nspawn@build.service/payload", "systemd-nspawn@build.service",
		"build", "build"},
	{"/machine.slice/machine-debian\\x2dtree.scope", "machine-debian\\x2dtree.scope",
		"debian-tree", "debian-tree"},
	{"/machine-a\\x2d.scope", "machine-a\\x2d.scope", "a-", "a-"},
	{"/machine-\\x30\\x39\\x61\\x66\\x7a.scope", "machine-\\x30\\x39\\x61\\x66\\x7a.scope",
		"09afz", "09afz"},
	{"/machine-\\x4f\\x5e\\x6b.scope", "machine-\\x4f\\x5e\\x6b.scope", "O^k", "O^k"},
	{"/machine-a\\x2gb.scope", "machine-a\\x2gb.scope", "a\\x2gb", "a\\x2gb"},
	{"/machine-a\\xg2b.scope", "machine-a\\xg2b.scope", "a\\xg2b", "a\\xg2b"},
	{"/machine-a\\y2db.scope", "machine-a\\y2db.scope", "a\\y2db", "a\\y2db"},
	{"/machine-a\\x2:b.scope", "machine-a\\x2:b.scope", "a\\x2:b", "a\\x2:b"},
	{"/machine-a\\x2`b.scope", "machine-a\\x2`b.scope", "a\\x2`b", "a\\x2`b"},
	{"/machine-a\\x2/b.scope", "b.scope", "", ""},
	{"/machine.slice/machine-a\\x2.scope", "machine-a\\x2.scope", "a\\x2", "a\\x2"},
	{"/machine.slice/machine-qemu\\x2d1\\x2dwin.scope", "machine-qemu\\x2d1\\x2dwin.scope", "",
		""},
	/* Garden */
	{"/garden/4f6c8a0e-2d1b-4c3a-5e7f-9b8d", "", "4f6c8a0e-2d1b-4c3a-5e7f-9b8d", ""},
	{"/garden/good/4f6c8a0e", "", "4f6c8a0e", ""},
	{"/garden/good", "", "", ""},
	{"/garden/bad", "", "", ""},
	{"/garden/bad/4f6c8a0e", "", "4f6c8a0e", ""},
	{"/garden/x/4f6c8a0e", "", "x", ""},
	{"/good/4f6c8a0e", "", "", ""},
	{"/" ID_A, "", ID_A, ""},
	{"/-" ID_A ".scope", "-" ID_A ".scope", ID_A, ""},
	{"/a.mount", "a.mount", "", ""},
	{"/a.socket", "a.socket", "", ""},
	{"/a.swap", "a.swap", "", ""},
	{"/a.slice/.swap", "", "", ""},
	{"/lxc.payload.web/docker/" ID_A, "", ID_A, ""},
	{"/lxc/web/" ID_A, "", ID_A, ""},
	{"/lxc/web/garden/x", "", "x", ""},
	/* Not what they resemble */
	{"/docker/" ID_A "0", "", "", ""},
	{"/docker/3F4E9C1B2A7D8E6F5A4B3C2D1E0F9A8B7C6D5E4F3A2B1C0D9E8F7A6B5C4D3E2F", "", "", ""},
	{"/x" ID_A, "", "", ""},
	{"/machine-.scope", "machine-.scope", "", ""},
};

static void
test_explain(void **state)
{
	(void)state;
	unit_each (i, explained) {
		char out[256];
		const struct cgroup_path path =
			cgroup_path_explain(text_of(explained[i].path), out, sizeof out);

		assert_text(path.unit, explained[i].unit);
		assert_text(path.container, explained[i].container);
		assert_text(path.name, explained[i].name);
	}
}

/* A name that does not fit is cut, not written past the end. */
static void
test_explain_small(void **state)
{
	char out[4] = "###";
	const struct cgroup_path path =
		cgroup_path_explain(text_of("/machine-a\\x2dbcd.scope"), out, 3);

	(void)state;
	assert_text(path.name, "a-b");
	assert_int_equal(out[3], '\0');
}

static void
test_choose(void **state)
{
	static const struct {
		const char *text, *path, *unified;
	} cases[] = {
		{"0::/system.slice/ssh.service\n", "/system.slice/ssh.service",
			"/system.slice/ssh.service"},
		{"0::/system.slice/ssh.service", "/system.slice/ssh.service",
			"/system.slice/ssh.service"},
		{"0::/\n", "/", "/"},
		/* Hybrid: systemd's own hierarchy knows more */
		{"4:memory:/user.slice\n1:name=systemd:/user.slice/user-0.slice\n0::/\n",
			"/user.slice/user-0.slice", "/"},
		/* Version 1 without systemd */
		{"9:name=systemd:/\n4:memory:/web/1\n3:cpuset:/\n0::/\n", "/web/1", "/"},
		{"4:cpu,cpuacct:/\n3:memory:/docker/x\n1:name=systemd:/docker/y\n", "/docker/y",
			""},
		/* A colon in the path is part of it */
		{"0::/a.slice:cri:b\n", "/a.slice:cri:b", "/a.slice:cri:b"},
		{"", "", ""},
		{"nonsense\n", "", ""},
	};

	(void)state;
	unit_each (i, cases) {
		struct text unified;

		assert_text(cgroup_path_choose(text_of(cases[i].text), &unified), cases[i].path);
		assert_text(unified, cases[i].unified);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_explain_small),
		cmocka_unit_test(test_choose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
