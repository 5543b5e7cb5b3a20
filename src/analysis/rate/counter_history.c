/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the past of each counter that the kernel printed. One pass over names and namespaces a
 * snapshot; memory is bounded by COUNTERS_MAX names.
 */
#include <config.h>

#include <sockwatch/analysis/counter/counter_history.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

/* What the namespaces have of a counter. */
struct reading {
	bool has_total;
	uint64_t total;
	double rate; /* NAN: not known */
};

/* All that follows from its name. */
static void
set_row(struct counter_figures *figures, const char *group)
{
	figures->most = figures->rate = figures->now = figures->share = (double)NAN;
	figures->row = counter_row_find(figures->name);
	figures->group = figures->row != NULL ? counter_row_title(figures->row) : group;
	figures->whole = counter_whole_of(figures->name);
}

static void
name_derived(struct counter_figures *figures, const char *name)
{
	*figures = (struct counter_figures){.is_gauge = false};
	text_add(figures->name, sizeof figures->name, 0, "%s", name);
	set_row(figures, "");
}

void
counter_history_init(struct counter_history *history)
{
	*history = (struct counter_history){.netns = COUNTER_OF_ALL};
	for (size_t i = 0; i < COUNTER_DIFFERENCES; i++)
		name_derived(&history->derived[i], counter_differences[i].name);
}

void
counter_history_fini(struct counter_history *history)
{
	free(history->rows);
	counter_history_init(history);
}

void
counter_history_choose(struct counter_history *history, uint32_t netns)
{
	counter_history_fini(history);
	history->netns = netns;
}

static void
name_row(struct counter_figures *figures, const struct counter_names *names, size_t index)
{
	const struct counter_name name = counter_name(names, index);

	*figures = (struct counter_figures){.is_gauge = name.is_gauge};
	text_add(figures->name, sizeof figures->name, 0, "%s%s%s", name.group,
		name.group[0] != '\0' ? "." : "", name.member);
	set_row(figures, name.group);
	if (figures->group[0] == '\0')
		figures->group = "IPv6";
}

/* Rows for the names that came since the last time. */
static void
grow(struct counter_history *history, const struct counter_names *names)
{
	const size_t count = counter_names_count(names);
	struct counter_figures *rows;

	if (count <= history->count)
		return;
	rows = reallocarray(history->rows, count, sizeof *rows);
	if (rows == NULL) {
		history->left_out = count - history->count;
		return;
	}
	history->rows = rows;
	history->left_out = 0;
	for (; history->count < count; history->count++)
		name_row(&rows[history->count], names, history->count);
}

static void
add_reading(struct reading *sum, const struct counters *counters, const struct counter_names *names,
	size_t index)
{
	double rate;

	if (index >= counters->count || !counters->rows[index].known)
		return;
	sum->has_total = true;
	sum->total += counters->rows[index].value;
	/* A counter that fell belongs to a namespace that was made anew. */
	if (counters_rate_of(counters, names, index, &rate) && rate >= 0)
		sum->rate = isnan(sum->rate) ? rate : sum->rate + rate;
}

static struct reading
read_all(const struct counter_history *history, const struct model *model, size_t index)
{
	const struct counter_row *const row = history->rows[index].row;
	struct reading sum = {.rate = (double)NAN};

	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const netns = model->netns[i];

		if (netns == NULL || netns->gone ||
			(history->netns != COUNTER_OF_ALL && history->netns != i))
			continue;
		add_reading(&sum, &netns->counters, model->counter_names, index);
		if (sum.has_total && row != NULL && row->is_of_machine)
			break;
	}
	return sum;
}

static void
add_sample(struct counter_figures *figures, double sample, double seconds)
{
	if (figures->sample_count == COUNTER_SAMPLES) {
		memmove(figures->samples, figures->samples + 1,
			(COUNTER_SAMPLES - 1) * sizeof figures->samples[0]);
		figures->sample_count--;
	}
	figures->samples[figures->sample_count++] = (float)sample;
	if (isnan(sample))
		return;
	figures->sum += sample * seconds;
	figures->seconds += seconds;
	if (isnan(figures->most) || sample > figures->most)
		figures->most = sample;
}

static void
take(struct counter_figures *figures, const struct reading *reading, double seconds)
{
	figures->has_total = reading->has_total;
	figures->total = reading->total;
	figures->rate = figures->is_gauge ? (double)NAN : reading->rate;
	figures->now = figures->rate;
	if (figures->is_gauge)
		figures->now = reading->has_total ? (double)reading->total : (double)NAN;
	/* Before the first sample nothing is missing. */
	if (figures->sample_count > 0 || !isnan(figures->now))
		add_sample(figures, figures->now, seconds);
}

/* The difference of two that were taken in. */
static struct reading
subtract(const struct counter_history *history, const struct counter_difference *difference)
{
	const struct counter_figures *const whole = &history->rows[difference->whole];
	const struct counter_figures *const part = &history->rows[difference->part];
	struct reading reading = {.rate = whole->rate - part->rate};

	reading.has_total = whole->has_total && part->has_total;
	if (reading.has_total && whole->total > part->total)
		reading.total = whole->total - part->total;
	/* The file of the part is read a moment later. */
	if (reading.rate < 0)
		reading.rate = 0;
	return reading;
}

/* Of the segments of the last refresh; before there is a rate, of all since boot. */
static double
share_of_sent(const struct counter_history *history, const struct counter_figures *figures)
{
	const struct counter_figures *const out = &history->rows[COUNTER_OUT_SEGS];
	const struct counter_figures *const again = &history->rows[COUNTER_RETRANS_SEGS];

	if (!isnan(figures->rate) && !isnan(out->rate) && !isnan(again->rate))
		return counter_share(figures->rate, out->rate + again->rate - figures->rate);
	if (!figures->has_total || !out->has_total || !again->has_total)
		return (double)NAN;
	return counter_share((double)figures->total,
		(double)out->total + (double)again->total - (double)figures->total);
}

static void
set_share(const struct counter_history *history, const struct model *model,
	struct counter_figures *figures)
{
	uint64_t limit;

	figures->share = (double)NAN;
	if (figures->whole == COUNTER_WHOLE_SENT)
		figures->share = share_of_sent(history, figures);
	else if (figures->has_total && counter_whole_limit(model, figures->whole, &limit) &&
		 limit > 0)
		figures->share = 100 * (double)figures->total / (double)limit;
}

/* After all of the kernel's. */
static void
derive(struct counter_history *history, const struct model *model, double seconds)
{
	if (history->count < COUNTER_COUNT)
		return;
	for (size_t i = 0; i < COUNTER_DIFFERENCES; i++) {
		const struct reading reading = subtract(history, &counter_differences[i]);

		take(&history->derived[i], &reading, seconds);
		set_share(history, model, &history->derived[i]);
	}
	for (size_t i = 0; i < history->count; i++)
		set_share(history, model, &history->rows[i]);
}

void
counter_history_update(struct counter_history *history, const struct model *model)
{
	const uint64_t now_ns = model->snapshot_monotonic_ns;
	double seconds = 0;

	if (history->sequence == model->complete_sequence)
		return;
	if (history->monotonic_ns != 0 && now_ns > history->monotonic_ns)
		seconds = (double)(now_ns - history->monotonic_ns) / (double)CLOCK_NS_PER_S;
	history->sequence = model->complete_sequence;
	history->monotonic_ns = now_ns;
	grow(history, model->counter_names);
	for (size_t i = 0; i < history->count; i++) {
		const struct reading reading = read_all(history, model, i);

		take(&history->rows[i], &reading, seconds);
	}
	derive(history, model, seconds);
}

double
counter_figures_mean(const struct counter_figures *figures)
{
	return figures->seconds > 0 ? figures->sum / figures->seconds : figures->most;
}

double
counter_figures_highest(const struct counter_figures *figures)
{
	double highest = 1;

	for (size_t i = 0; i < figures->sample_count; i++) {
		if ((double)figures->samples[i] > highest)
			highest = (double)figures->samples[i];
	}
	return highest;
}

struct listing {
	const struct counter_history *history;
	bool zeros;
	const struct counter_figures **rows;
	size_t count, max;
};

static void
list_row(struct listing *listing, const struct counter_figures *figures)
{
	if (!figures->has_total || (figures->total == 0 && !listing->zeros) ||
		listing->count == listing->max)
		return;
	listing->rows[listing->count++] = figures;
}

static void
list_table(struct listing *listing)
{
	const struct counter_history *const history = listing->history;

	for (size_t place = 0; place < counter_row_count; place++) {
		for (size_t i = 0; i < history->count; i++) {
			if (history->rows[i].row == &counter_rows[place])
				list_row(listing, &history->rows[i]);
		}
		for (size_t i = 0; i < COUNTER_DIFFERENCES; i++) {
			if (history->derived[i].row == &counter_rows[place])
				list_row(listing, &history->derived[i]);
		}
	}
}

/* Each group where its first counter stands. */
static void
list_others(struct listing *listing)
{
	const struct counter_history *const history = listing->history;

	for (size_t first = 0; first < history->count; first++) {
		const char *const group = history->rows[first].group;
		bool is_listed = history->rows[first].row != NULL;

		for (size_t i = 0; i < first && !is_listed; i++)
			is_listed = history->rows[i].row == NULL &&
				    strcmp(history->rows[i].group, group) == 0;
		for (size_t i = first; i < history->count && !is_listed; i++) {
			if (history->rows[i].row == NULL &&
				strcmp(history->rows[i].group, group) == 0)
				list_row(listing, &history->rows[i]);
		}
	}
}

size_t
counter_history_list(const struct counter_history *history, bool all, bool zeros,
	const struct counter_figures **rows, size_t max)
{
	struct listing listing = {history, zeros, rows, 0, max};

	list_table(&listing);
	if (all)
		list_others(&listing);
	return listing.count;
}
