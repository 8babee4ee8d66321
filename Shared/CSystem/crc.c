// Cyclic redundancy checks, all reflected: CRC-32 (ISO-HDLC), CRC-32C (Castagnoli), CRC-64/NVME.
//
// Where the CPU multiplies without carries (PCLMULQDQ), 64 bytes are folded at a time, after V. Gopal and others, "Fast
// CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009): measured some ten times as fast as
// tables of eight bytes, which serve the rest, and other CPUs. With VPCLMULQDQ it is 256 bytes, three times as fast again.
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "CSystem.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct crc {
    /// Bits of the register, which is kept in the low ones.
    int width;
    uint64_t polynomial;
    uint64_t table[8][256];
    /// x to the powers 575, 511 (fold by 64 bytes), 191, 127 (by 16), 2111, 2047 (by 256), modulo the polynomial,
    /// reflected in 64 bits.
    uint64_t fold[6];
};

static struct crc crc32 = {.width = 32, .polynomial = 0xedb88320};
static struct crc crc32c = {.width = 32, .polynomial = 0x82f63b78};
static struct crc crc64 = {.width = 64, .polynomial = 0x9a6c9329ac4bc9b5};
static bool can_fold, can_fold_wide, has_crc32_instruction;
static pthread_once_t preparation = PTHREAD_ONCE_INIT;

static uint64_t times_x(const struct crc *c, uint64_t value) {
    return (value >> 1) ^ (c->polynomial & (0 - (value & 1)));
}

static uint64_t power_of_x(const struct crc *c, int exponent) {
    uint64_t value = 1ull << (c->width - 1);
    while (exponent--) value = times_x(c, value);
    return value << (64 - c->width);
}

static void prepare_one(struct crc *c) {
    for (int i = 0; i < 256; i++) {
        uint64_t value = (uint64_t)i;
        for (int bit = 0; bit < 8; bit++) value = times_x(c, value);
        c->table[0][i] = value;
    }
    for (int slice = 1; slice < 8; slice++)
        for (int i = 0; i < 256; i++) {
            uint64_t value = c->table[slice - 1][i];
            c->table[slice][i] = (value >> 8) ^ c->table[0][value & 255];
        }
    static const int exponents[6] = {575, 511, 191, 127, 2111, 2047};
    for (int i = 0; i < 6; i++) c->fold[i] = power_of_x(c, exponents[i]);
}

static void prepare(void) {
    prepare_one(&crc32);
    prepare_one(&crc32c);
    prepare_one(&crc64);
#if defined(__x86_64__)
    __builtin_cpu_init();
    can_fold = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    can_fold_wide = can_fold && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
    has_crc32_instruction = __builtin_cpu_supports("sse4.2");
#endif
}

static uint64_t by_table(const struct crc *c, uint64_t crc, const uint8_t *p, size_t n) {
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = 0;
        for (int i = 0; i < 8; i++) crc ^= c->table[7 - i][(word >> (8 * i)) & 255];
    }
    while (n--) crc = (crc >> 8) ^ c->table[0][(crc ^ *p++) & 255];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_by_instruction(uint32_t crc, const uint8_t *p, size_t n) {
    uint64_t wide = crc;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    crc = (uint32_t)wide;
    while (n--) crc = __builtin_ia32_crc32qi(crc, *p++);
    return crc;
}

/// The register as if so many bytes had followed, and what does follow.
__attribute__((target("pclmul,sse4.1"))) static inline __m128i folded(__m128i x, __m128i k, __m128i next) {
    // The first eight bytes are the higher powers.
    return _mm_xor_si128(
        next, _mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00), _mm_clmulepi64_si128(x, k, 0x11)));
}

/// Takes at least 64 bytes, and leaves fewer than 16.
__attribute__((target("pclmul,sse4.1"))) static uint64_t by_folding(
    const struct crc *c, uint64_t crc, const uint8_t **bytes, size_t *count) {
    const __m128i *p = (const __m128i *)*bytes;
    size_t n = *count;
    __m128i by64 = _mm_set_epi64x((long long)c->fold[1], (long long)c->fold[0]);
    __m128i by16 = _mm_set_epi64x((long long)c->fold[3], (long long)c->fold[2]);
    __m128i x[4];
    for (int i = 0; i < 4; i++) x[i] = _mm_loadu_si128(p + i);
    x[0] = _mm_xor_si128(x[0], _mm_set_epi64x(0, (long long)crc));
    for (p += 4, n -= 64; n >= 64; p += 4, n -= 64)
        for (int i = 0; i < 4; i++) x[i] = folded(x[i], by64, _mm_loadu_si128(p + i));
    __m128i all = x[0];
    for (int i = 1; i < 4; i++) all = folded(all, by16, x[i]);
    for (; n >= 16; p++, n -= 16) all = folded(all, by16, _mm_loadu_si128(p));
    uint8_t rest[16];
    _mm_storeu_si128((__m128i *)rest, all);
    *bytes = (const uint8_t *)p;
    *count = n;
    return by_table(c, 0, rest, sizeof rest);
}

/// As `folded`, for four neighbours at once.
__attribute__((target("avx512f,vpclmulqdq"))) static inline __m512i folded_wide(__m512i x, __m512i k, __m512i next) {
    return _mm512_ternarylogic_epi64(
        next, _mm512_clmulepi64_epi128(x, k, 0x00), _mm512_clmulepi64_epi128(x, k, 0x11), 0x96);
}

/// Takes at least 256 bytes, and leaves fewer than 256.
__attribute__((target("avx512f,vpclmulqdq,pclmul,sse4.1"))) static uint64_t by_wide_folding(
    const struct crc *c, uint64_t crc, const uint8_t **bytes, size_t *count) {
    const uint8_t *p = *bytes;
    size_t n = *count;
    __m512i by256 = _mm512_broadcast_i32x4(_mm_set_epi64x((long long)c->fold[5], (long long)c->fold[4]));
    __m128i by16 = _mm_set_epi64x((long long)c->fold[3], (long long)c->fold[2]);
    __m512i x[4];
    for (int i = 0; i < 4; i++) x[i] = _mm512_loadu_si512(p + 64 * i);
    x[0] = _mm512_xor_si512(x[0], _mm512_zextsi128_si512(_mm_set_epi64x(0, (long long)crc)));
    for (p += 256, n -= 256; n >= 256; p += 256, n -= 256)
        for (int i = 0; i < 4; i++) x[i] = folded_wide(x[i], by256, _mm512_loadu_si512(p + 64 * i));
    __m128i parts[16];
    memcpy(parts, x, sizeof parts);
    __m128i all = parts[0];
    for (int i = 1; i < 16; i++) all = folded(all, by16, parts[i]);
    uint8_t rest[16];
    _mm_storeu_si128((__m128i *)rest, all);
    *bytes = p;
    *count = n;
    return by_table(c, 0, rest, sizeof rest);
}
#endif

static uint64_t update(const struct crc *c, uint64_t crc, const uint8_t *p, size_t n) {
#if defined(__x86_64__)
    if (can_fold_wide && n >= 1024) crc = by_wide_folding(c, crc, &p, &n);
    if (can_fold && n >= 64) crc = by_folding(c, crc, &p, &n);
#endif
    return by_table(c, crc, p, n);
}

uint32_t apus_crc32(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&preparation, prepare);
    return ~(uint32_t)update(&crc32, ~crc, bytes, count);
}

uint32_t apus_crc32c(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&preparation, prepare);
#if defined(__x86_64__)
    // Short ones are not worth folding, nor on a CPU that has an instruction for just this polynomial.
    if (has_crc32_instruction && (count < 256 || !can_fold)) return ~crc32c_by_instruction(~crc, bytes, count);
#endif
    return ~(uint32_t)update(&crc32c, ~crc, bytes, count);
}

uint64_t apus_crc64nvme(uint64_t crc, const void *bytes, size_t count) {
    pthread_once(&preparation, prepare);
    return ~update(&crc64, ~crc, bytes, count);
}
