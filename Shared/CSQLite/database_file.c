#define _GNU_SOURCE
#include "database_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// SQLite may look some bytes beyond a damaged page's end. Pages this near to the file's end are read by calls.
static const int64_t slack = 256;

// MARK: Reading

static uint32_t number(const uint8_t *bytes, int count) {
    uint32_t value = 0;
    for (int index = 0; index < count; index++) value = value << 8 | bytes[index];
    return value;
}

// A search waits for memory again and again: for a page's header, for the cells it looks at one after the other, for
// the header of the page below. All cells are asked for at once, where there are few of them, and then the headers of
// all pages below: the next one is on its way while this one is searched. Where there are many, those that searches
// meet first. What is no page of a tree costs some vain requests, which never fault.
// Form: https://www.sqlite.org/fileformat2.html#b_tree_pages
static void expect_search(const apus_database_file *file, int64_t offset, int size) {
    enum { database_header = 100, interior_header = 12, leaf_header = 8, line = 64, few = 8 };
    const uint8_t *page = (const uint8_t *)file->base + offset;
    const uint8_t *header = page + (offset == 0 ? database_header : 0);
    const bool is_interior = header[0] < 8;
    const uint8_t *cells = header + (is_interior ? interior_header : leaf_header);
    const int count = (int)number(header + 3, 2);
    if (count * 2 > size - database_header - interior_header) return;
    const int asked = count < few ? count : few - 1;
    const uint8_t *found[few];
    for (int index = 0; index < asked; index++) {
        const int cell = count < few ? index : count * (index + 1) / few;
        found[index] = page + (number(cells + 2 * cell, 2) & (uint32_t)(size - 1));
        __builtin_prefetch(found[index]);
        __builtin_prefetch(found[index] + line);
    }
    if (!is_interior || count >= few) return;
    const int64_t pages = file->length / size;
    found[asked] = header + leaf_header;
    for (int index = 0; index <= asked; index++) {
        const int64_t below = (int64_t)number(found[index], 4) - 1;
        if (below < pages) __builtin_prefetch(file->base + below * size);
    }
}

// Bytes of the file that a bit of `asked` stands for: a page of ours.
static const int64_t asked_unit = 8192;

static size_t asked_words(int64_t length) { return (size_t)(length / asked_unit / 64 + 1); }

// A page of the database is two of the system's or more, and each that is in no memory would be a read from the disk of
// its own. The first time that a page is wanted it is asked for whole; which pages were is forgotten when memory is
// given back.
static void expect_reading(apus_database_file *file, int64_t offset, int size) {
    const int64_t page = offset / asked_unit;
    _Atomic uint64_t *word = &file->asked[page / 64];
    const uint64_t bit = (uint64_t)1 << page % 64;
    if (atomic_load_explicit(word, memory_order_relaxed) & bit) return;
    atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
    posix_fadvise(file->descriptor, offset, size, POSIX_FADV_WILLNEED);
}

static int fetch(sqlite3_file *pages, sqlite3_int64 offset, int count, void **page) {
    const struct apus_use *use = (const struct apus_use *)pages->pMethods;
    apus_database_file *file = use->file;
    *page = NULL;
    const int64_t end = offset + count + slack;
    if (end > file->length || atomic_load_explicit(&file->faults, memory_order_relaxed) > 0) return SQLITE_OK;
    if (end > atomic_load_explicit(&file->size, memory_order_relaxed)) {
        sqlite3_int64 size = 0;
        const int code = use->others->xFileSize(pages, &size);
        if (code != SQLITE_OK) return code;
        atomic_store_explicit(&file->size, size, memory_order_relaxed);
        if (end > size) return SQLITE_OK;
    }
    *page = file->base + offset;
    expect_reading(file, offset, count);
    expect_search(file, offset, count);
    return SQLITE_OK;
}

static int unfetch(sqlite3_file *pages, sqlite3_int64 offset, void *page) { return SQLITE_OK; }

// MARK: Moving the log

// A checkpoint leaves pages all over the file. Given to the disk at once, the sync of every commit would stand behind
// them: they go a part of the file at a time, and between two of them others have their turn.
bool apus_write_out_in_slices(int descriptor, int64_t size) {
    const int64_t least = 1 << 20, part = size / 64;
    const int64_t slice = part > least ? part : least;
    const unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    for (int64_t offset = 0; offset < size; offset += slice) {
        // A disk that fails must have the sync fail: what is told here, the kernel does not tell again there.
        if (sync_file_range(descriptor, offset, slice, all) != 0 && errno == EIO) return false;
    }
    return true;
}

static int sync_in_slices(sqlite3_file *pages, int flags) {
    const struct apus_use *use = (const struct apus_use *)pages->pMethods;
    sqlite3_int64 size = 0;
    const int code = use->others->xFileSize(pages, &size);
    if (code != SQLITE_OK) return code;
    if (!apus_write_out_in_slices(use->file->descriptor, size)) return SQLITE_IOERR_FSYNC;
    return use->others->xSync(pages, flags);
}

// MARK: Connections

static sqlite3_file *file_of(sqlite3 *connection) {
    sqlite3_file *pages = NULL;
    const int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &pages);
    return code == SQLITE_OK && pages && pages->pMethods && pages->pMethods->iVersion >= 3 ? pages : NULL;
}

int apus_database_file_read_by(apus_database_file *file, sqlite3 *connection) {
    if (!file->base) return SQLITE_OK;
    sqlite3_file *pages = file_of(connection);
    if (!pages) return SQLITE_NOTFOUND;
    pages->pMethods = &file->reading.methods;
    // SQLite fetches pages where a limit is set; how large, only its own mapping would care.
    return sqlite3_exec(connection, "PRAGMA mmap_size=1", NULL, NULL, NULL);
}

int apus_database_file_move_by(apus_database_file *file, sqlite3 *connection) {
    sqlite3_file *pages = file_of(connection);
    if (!pages) return SQLITE_NOTFOUND;
    const sqlite3_io_methods *others = pages->pMethods;
    file->moving = (struct apus_use){.methods = *others, .others = others, .file = file};
    file->moving.methods.xSync = sync_in_slices;
    file->reading = (struct apus_use){.methods = *others, .others = others, .file = file};
    file->reading.methods.xFetch = fetch;
    file->reading.methods.xUnfetch = unfetch;
    pages->pMethods = &file->moving.methods;
    return SQLITE_OK;
}

int apus_database_file_sync(sqlite3 *connection) {
    sqlite3_file *pages = file_of(connection);
    if (!pages) return SQLITE_NOTFOUND;
    return pages->pMethods->xSync(pages, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

// MARK: The file

static void map(apus_database_file *file, int64_t length) {
    if (length <= 0) return;
    void *base = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, file->descriptor, 0);
    if (base == MAP_FAILED) return;
    file->base = base;
    file->length = length;
    file->asked = calloc(asked_words(length), sizeof *file->asked);
    // Rows lie where their keys put them: what is next to one is seldom what is wanted next.
    madvise(base, (size_t)length, MADV_RANDOM);
    if (file->asked && apus_catch_faults(file)) return;
    free(file->asked);
    munmap(base, (size_t)length);
    file->base = NULL;
    file->length = 0;
}

apus_database_file *apus_database_file_open(const char *path, int64_t mapped) {
    apus_database_file *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->descriptor < 0) {
        free(file);
        return NULL;
    }
    map(file, mapped);
    return file;
}

void apus_database_file_close(apus_database_file *file) {
    if (file->base) {
        apus_forget_faults(file);
        munmap(file->base, (size_t)file->length);
        free(file->asked);
    }
    close(file->descriptor);
    free(file);
}

uint64_t apus_database_file_faults(const apus_database_file *file) { return atomic_load(&file->faults); }

void apus_database_file_release(apus_database_file *file) {
    if (!file->base) return;
    madvise(file->base, (size_t)file->length, MADV_DONTNEED);
    for (size_t word = 0; word < asked_words(atomic_load(&file->size)); word++) atomic_store(&file->asked[word], 0);
}
