// XXH64 and XXH3 with the seed 0, compiled in from Debian's header: nothing to link, or to install where it runs.
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <xxhash.h>

#include "CSystem.h"

struct apus_xxhash {
    int kind;
    union {
        XXH64_state_t classic;
        XXH3_state_t third;
    };
};

struct apus_xxhash *apus_xxhash_new(int kind) {
    struct apus_xxhash *state = NULL;
    // XXH3's state asks for more than malloc's 16 bytes.
    if (posix_memalign((void **)&state, 64, sizeof *state)) abort();
    state->kind = kind;
    switch (kind) {
    case APUS_XXH64: XXH64_reset(&state->classic, 0); break;
    case APUS_XXH3: XXH3_64bits_reset(&state->third); break;
    default: XXH3_128bits_reset(&state->third); break;
    }
    return state;
}

struct apus_xxhash *apus_xxhash_copy(const struct apus_xxhash *other) {
    struct apus_xxhash *state = apus_xxhash_new(other->kind);
    *state = *other;
    return state;
}

void apus_xxhash_update(struct apus_xxhash *state, const void *bytes, size_t count) {
    if (!count) return;
    switch (state->kind) {
    case APUS_XXH64: XXH64_update(&state->classic, bytes, count); break;
    case APUS_XXH3: XXH3_64bits_update(&state->third, bytes, count); break;
    default: XXH3_128bits_update(&state->third, bytes, count); break;
    }
}

size_t apus_xxhash_value(const struct apus_xxhash *state, uint8_t *value) {
    if (state->kind == APUS_XXH128) {
        XXH128_canonicalFromHash((XXH128_canonical_t *)value, XXH3_128bits_digest(&state->third));
        return 16;
    }
    uint64_t sum = state->kind == APUS_XXH64 ? XXH64_digest(&state->classic) : XXH3_64bits_digest(&state->third);
    XXH64_canonicalFromHash((XXH64_canonical_t *)value, sum);
    return 8;
}

void apus_xxhash_free(struct apus_xxhash *state) { free(state); }
