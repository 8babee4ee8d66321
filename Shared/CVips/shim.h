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
int vips_image_get_orientation_swap(VipsImage *image);
size_t vips_image_get_typeof(const VipsImage *image, const char *name);
int vips_image_get_n_pages(VipsImage *image);
int vips_image_get_page_height(VipsImage *image);
void vips_image_set_int(VipsImage *image, const char *name, int value);
int vips_image_get_string(const VipsImage *image, const char *name, const char **text);
int vips_image_hasalpha(VipsImage *image);
int vips_addalpha(VipsImage *in, VipsImage **out, ...);
int vips_colourspace(VipsImage *in, VipsImage **out, int space, ...);
int vips_gravity(VipsImage *in, VipsImage **out, int direction, int width, int height, ...);
int vips_thumbnail_buffer(void *buffer, size_t length, VipsImage **out, int width, ...);
int vips_crop(VipsImage *in, VipsImage **out, int left, int top, int width, int height, ...);
int vips_copy(VipsImage *in, VipsImage **out, ...);
int vips_arrayjoin(VipsImage **in, VipsImage **out, int count, ...);
int vips_image_write_to_buffer(VipsImage *image, const char *suffix, void **buffer, size_t *size, ...);
typedef struct _VipsArrayDouble VipsArrayDouble;
VipsArrayDouble *vips_array_double_new(const double *array, int count);
void vips_area_unref(void *area);
void g_object_unref(void *object);
void g_free(void *memory);

/// Opens an image: its header is read, no pixel decoded.
static inline VipsImage *apus_vips_open(const void *bytes, size_t count) {
    return vips_image_new_from_buffer(bytes, count, "", (void *)0);
}

/// The image in eight-bit sRGB; takes the one it is given.
static inline VipsImage *apus_vips_srgb(VipsImage *in) {
    enum { srgb = 22 };  // VIPS_INTERPRETATION_sRGB
    VipsImage *out = (void *)0;
    int failed = vips_colourspace(in, &out, srgb, (void *)0);
    g_object_unref(in);
    return failed ? (void *)0 : out;
}

/// Decodes an image to fit a box, never larger than it is unless the box is forced; fails on damaged data.
///
/// A cropped one fills the box, and its middle is cut out. One with a profile becomes sRGB, as its profile is not kept;
/// without one libvips would convert from what it takes for a monitor's. The frames of an animation fit the box each, and
/// lie one below the other.
static inline VipsImage *apus_vips_thumbnail(const void *bytes, size_t count, int width, int height, int is_forced,
                                             int is_cropped, int has_profile, int is_animation) {
    enum { down = 2, force = 3, centre = 1, fail_on_error = 2 };  // VIPS_SIZE_…, VIPS_INTERESTING_CENTRE, VIPS_FAIL_ON_…
    VipsImage *out = (void *)0;
    if (vips_thumbnail_buffer((void *)bytes, count, &out, width, "height", height, "size", is_forced ? force : down,
                              "crop", is_cropped ? centre : 0, "fail_on", fail_on_error,
                              "option_string", is_animation ? "n=-1" : "", has_profile ? "export_profile" : (void *)0, "srgb", (void *)0))
        return (void *)0;
    return apus_vips_srgb(out);
}

/// Puts an image in the middle of a canvas: one that can be seen through, or a white one.
static inline VipsImage *apus_vips_centre(VipsImage *in, int width, int height, int is_transparent) {
    enum { centre = 0, background = 5 };  // VIPS_COMPASS_DIRECTION_CENTRE, VIPS_EXTEND_BACKGROUND
    const double nothing[] = {255, 255, 255, 0};
    VipsImage *layer = (void *)0, *out = (void *)0;
    if (is_transparent && !vips_image_hasalpha(in)) {
        if (vips_addalpha(in, &layer, (void *)0)) return (void *)0;
        in = layer;
    }
    VipsArrayDouble *colour = vips_array_double_new(nothing, vips_image_hasalpha(in) ? 4 : 3);
    int failed = vips_gravity(in, &out, centre, width, height, "extend", background, "background", colour, (void *)0);
    vips_area_unref(colour);
    if (layer) g_object_unref(layer);
    return failed ? (void *)0 : out;
}

/// The middle of an image, or one of its frames: what of `width` × `height` there is.
static inline VipsImage *apus_vips_middle(VipsImage *in, int width, int height) {
    int left = vips_image_get_width(in) - width, top = vips_image_get_height(in) - height;
    VipsImage *out = (void *)0;
    if (vips_crop(in, &out, left > 0 ? left / 2 : 0, top > 0 ? top / 2 : 0, left > 0 ? width : width + left,
                  top > 0 ? height : height + top, (void *)0))
        return (void *)0;
    return out;
}

/// One of the frames that lie one below the other.
static inline VipsImage *apus_vips_frame(VipsImage *in, int index, int height) {
    VipsImage *out = (void *)0;
    if (vips_crop(in, &out, 0, index * height, vips_image_get_width(in), height, (void *)0)) return (void *)0;
    return out;
}

/// Lays frames of one size one below the other, as encoders of animations want them.
static inline VipsImage *apus_vips_animation(VipsImage **frames, int count) {
    VipsImage *joined = (void *)0, *out = (void *)0;
    if (vips_arrayjoin(frames, &joined, count, "across", 1, (void *)0)) return (void *)0;
    // A copy of its own: what is noted beside the pixels may be shared with others.
    int failed = vips_copy(joined, &out, (void *)0);
    g_object_unref(joined);
    if (failed) return (void *)0;
    vips_image_set_int(out, "page-height", vips_image_get_height(out) / count);
    return out;
}

static inline int apus_vips_write(VipsImage *image, const char *suffix, void **buffer, size_t *size) {
    return vips_image_write_to_buffer(image, suffix, buffer, size, (void *)0);
}
