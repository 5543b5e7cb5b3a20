/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyed hashes of map.h. All fold the 128-bit product of what is hashed and of random bits
 * that change with each run; a remote host that chooses ports cannot know which keys meet.
 */
#include <config.h>

#include <sockwatch/base/map.h>

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static uint64_t secret[4];

/* Before main rather than at the first use: the hash is too cheap to pay for asking each time. */
__attribute__((constructor)) static void
choose_secret(void)
{
	if (getrandom(secret, sizeof secret, GRND_NONBLOCK) != (ssize_t)sizeof secret) {
		/* Early in boot or in a sandbox. Guessable, but a table still works. */
		struct timespec now;

		clock_gettime(CLOCK_REALTIME, &now);
		for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
			secret[i] = (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) +
				    (uint64_t)getpid() * UINT64_C(0xd1342543de82ef95) + i;
		}
	}
	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		secret[i] |= 1;
}

static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	const unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	const uint64_t middle_1 = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	const uint64_t middle_2 = (a & UINT32_MAX) * (b >> 32) + (middle_1 & UINT32_MAX);
	const uint64_t high = (a >> 32) * (b >> 32) + (middle_1 >> 32) + (middle_2 >> 32);

	return (middle_2 << 32 | (low & UINT32_MAX)) ^ high;
#endif
}

uint64_t
map_hash(uint64_t key)
{
	/* The xorshift brings the key's high bits down to where the first product would miss them.
	 */
	key ^= secret[0];
	key ^= key >> 32;
	return fold(key * UINT64_C(0x9e3779b97f4a7c15), secret[1]);
}

static inline uint64_t
load_64(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

static inline uint64_t
load_32(const uint8_t *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

uint64_t
map_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	const uint8_t *bytes = data;
	uint64_t a = seed ^ secret[2];
	uint64_t b = seed ^ secret[3];
	uint64_t head = 0;
	uint64_t tail = 0;
	size_t left = len;

	/* Two lanes that do not wait for each other. */
	for (; left >= 32; left -= 32, bytes += 32) {
		a = fold(load_64(bytes) ^ secret[0], load_64(bytes + 8) ^ a);
		b = fold(load_64(bytes + 16) ^ secret[1], load_64(bytes + 24) ^ b);
	}
	if (left >= 16) {
		a = fold(load_64(bytes) ^ secret[0], load_64(bytes + 8) ^ a);
		left -= 16;
		bytes += 16;
	}
	/* The loads of the rest overlap: every byte is in one of them, and none is read outside. */
	if (left >= 8) {
		head = load_64(bytes);
		tail = load_64(bytes + left - 8);
	} else if (left >= 4) {
		head = load_32(bytes);
		tail = load_32(bytes + left - 4);
	} else if (left > 0) {
		head = (uint64_t)bytes[0] << 16 | (uint64_t)bytes[left / 2] << 8 | bytes[left - 1];
	}
	b = fold(head ^ secret[1] ^ b, tail ^ a);
	return fold(b ^ secret[3], len ^ secret[0] ^ a);
}

uint64_t
map_hash_16(const void *sixteen_bytes, uint64_t seed)
{
	const uint8_t *const bytes = sixteen_bytes;
	const uint64_t both = fold(load_64(bytes) ^ secret[0], load_64(bytes + 8) ^ secret[2]);

	return fold(both ^ seed ^ secret[1], secret[3]);
}
