#include "CSystem.h"
#include <pthread.h>
#include <string.h>

// Slice-by-8 tables for both reflected polynomials, built once.
static uint32_t crc32c_table[8][256];
static uint64_t crc64_table[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void build_tables(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t a = i;
        uint64_t b = i;
        for (int bit = 0; bit < 8; bit++) {
            a = (a >> 1) ^ (0x82f63b78u & (0u - (a & 1)));
            b = (b >> 1) ^ (0x9a6c9329ac4bc9b5ull & (0ull - (b & 1)));
        }
        crc32c_table[0][i] = a;
        crc64_table[0][i] = b;
    }
    for (int slice = 1; slice < 8; slice++)
        for (int i = 0; i < 256; i++) {
            uint32_t a = crc32c_table[slice - 1][i];
            uint64_t b = crc64_table[slice - 1][i];
            crc32c_table[slice][i] = (a >> 8) ^ crc32c_table[0][a & 255];
            crc64_table[slice][i] = (b >> 8) ^ crc64_table[0][b & 255];
        }
}

static uint32_t crc32c_portable(uint32_t crc, const uint8_t *p, size_t n) {
    pthread_once(&tables_once, build_tables);
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        uint32_t next = 0;
        for (int i = 0; i < 8; i++) next ^= crc32c_table[7 - i][(word >> (8 * i)) & 255];
        crc = next;
    }
    while (n--) crc = (crc >> 8) ^ crc32c_table[0][(crc ^ *p++) & 255];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const uint8_t *p, size_t n) {
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
#endif

uint32_t apus_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return ~crc32c_sse42(~crc, bytes, count);
#endif
    return ~crc32c_portable(~crc, bytes, count);
}

uint64_t apus_crc64nvme(uint64_t crc, const void *bytes, size_t count) {
    pthread_once(&tables_once, build_tables);
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; p += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = 0;
        for (int i = 0; i < 8; i++) crc ^= crc64_table[7 - i][(word >> (8 * i)) & 255];
    }
    while (count--) crc = (crc >> 8) ^ crc64_table[0][(crc ^ *p++) & 255];
    return ~crc;
}
