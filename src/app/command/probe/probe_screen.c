/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch probe` on a terminal: opens the screen of paths and passes on what it asks for. */
#include <config.h>

#include "probe_screen.h"

#include <errno.h>

#include <sockwatch/privilege/opener.h>

#include "app/command/confine.h"
#include "app/command/name_recall.h"

static void
on_request(void *context, enum message_type type, const void *body)
{
	const struct probe_screen *const screen = context;

	if (source_send(screen->source, type, body) != 0)
		tui_show_message(
			screen->tui, SEVERITY_WARNING, "not done: the collector does not run");
}

static void
on_name(void *context, const struct address *address)
{
	const struct probe_screen *const screen = context;

	if (screen->resolver != NULL && name_recall(screen->resolver, screen->model, address))
		tui_name_found(screen->tui);
}

void
probe_screen_take_name(const struct probe_screen *screen, const struct message_name *name)
{
	model_take_name(screen->model, name);
	tui_name_found(screen->tui);
}

int
probe_screen_load(struct probe_screen *screen, struct error *error)
{
	const int result =
		config_file_load(&screen->config, screen->options, &screen->config_error);

	screen->is_loaded = true;
	if (result == 0)
		screen->config_error.text[0] = '\0';
	if (result == 0 || screen->options->config_path == NULL)
		return 0;
	*error = screen->config_error;
	return result;
}

int
probe_screen_open(
	struct probe_screen *screen, const struct message_probe_start *start, struct error *error)
{
	const struct tui_hooks hooks = {.context = screen, .request = on_request, .name = on_name};
	const struct tui_options options = {
		.source = "live", .probe = start, .probe_host = screen->host};
	const int result = screen->is_loaded ? 0 : probe_screen_load(screen, error);

	if (result != 0)
		return result;
	screen->tui = tui_new(
		screen->loop, screen->model, &screen->options->settings, &hooks, &options, error);
	if (screen->tui == NULL)
		return -ENOTTY;
	confine_files(&(struct confined_files){.tui = screen->tui,
		.settings = screen->config.path,
		.settings_are_named = screen->options->config_path != NULL});
	if (screen->config_error.text[0] != '\0')
		tui_show_message(screen->tui, SEVERITY_WARNING, screen->config_error.text);
	return 0;
}

void
probe_screen_close(struct probe_screen *screen)
{
	if (screen->tui != NULL)
		tui_free(screen->tui);
	screen->tui = NULL;
	opener_stop();
	config_file_fini(&screen->config);
}
