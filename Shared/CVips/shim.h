#pragma once
#include <stddef.h>

// libvips' own headers need GLib's include folders, which a module map cannot find. These few declarations are its
// stable C interface; everything variadic is wrapped for Swift.
typedef struct _VipsImage VipsImage;

int vips_init(const char *program);
void vips_concurrency_set(int threads);
void vips_cache_set_max(int operations);
void vips_block_untrusted_set(int state);
const char *vips_error_buffer(void);
void vips_error_clear(void);
VipsImage *vips_image_new_from_buffer(const void *buffer, size_t length, const char *options, ...);
int vips_image_get_width(const VipsImage *image);
int vips_image_get_height(const VipsImage *image);
int vips_image_get_n_pages(VipsImage *image);
int vips_image_hasalpha(VipsImage *image);
int vips_thumbnail_buffer(void *buffer, size_t length, VipsImage **out, int width, ...);
int vips_image_write_to_buffer(VipsImage *image, const char *suffix, void **buffer, size_t *size, ...);
const char *vips_foreign_find_load_buffer(const void *data, size_t size);
void g_object_unref(void *object);
void g_free(void *memory);

/// Opens an image: its header is read, no pixel decoded.
static inline VipsImage *apus_vips_open(const void *bytes, size_t count) {
    return vips_image_new_from_buffer(bytes, count, "", (void *)0);
}

/// Decodes an image to fit a square of `edge` pixels, never larger than it is; fails on damaged data.
static inline VipsImage *apus_vips_thumbnail(const void *bytes, size_t count, int edge) {
    enum { down = 2, fail_on_error = 2 };  // VIPS_SIZE_DOWN, VIPS_FAIL_ON_ERROR
    VipsImage *out = (void *)0;
    if (vips_thumbnail_buffer((void *)bytes, count, &out, edge, "height", edge, "size", down, "fail_on", fail_on_error,
                              (void *)0))
        return (void *)0;
    return out;
}

static inline int apus_vips_write(VipsImage *image, const char *suffix, void **buffer, size_t *size) {
    return vips_image_write_to_buffer(image, suffix, buffer, size, (void *)0);
}
