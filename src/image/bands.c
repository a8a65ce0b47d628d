/* bands.c - which bands of an image a network gets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <string.h>

#include "image/view.h"

static GDALColorInterp colour_of(const elc_image *image, int band) {
    return GDALGetRasterColorInterpretation(GDALGetRasterBand(image->dataset, band));
}

/* The first band of a colour; 0: none. */
static int find_colour(const elc_image *image, GDALColorInterp colour) {
    for (int b = 1; b <= image->info.bands; b++)
        if (colour_of(image, b) == colour)
            return b;
    return 0;
}

/* Up to `limit` bands that are not alpha, into `bands`; the count of all such bands. */
static int list_plain(const elc_image *image, int limit, int *bands) {
    int count = 0;
    for (int b = 1; b <= image->info.bands; b++) {
        if (colour_of(image, b) == GCI_AlphaBand)
            continue;
        if (count < limit)
            bands[count] = b;
        count++;
    }
    return count;
}

/* Indices of colours look like grey to a network, and mean nothing; those of the first
   band are seen as its colours. */
static elc_status check_palette(const elc_image *image, const char *name,
                                const int *bands, int n, elc_error *err) {
    for (int i = 0; i < n; i++)
        if (colour_of(image, bands[i]) == GCI_PaletteIndex)
            return elc_fail(err, ELC_E_UNSUPPORTED,
                            "%s: band %d holds numbers of a colour table. Convert it: "
                            "gdal_translate -expand rgb %s converted.tif",
                            name, bands[i], image->path);
    return ELC_OK;
}

static elc_status take_chosen(const elc_image *image, const char *name,
                              const elc_names *chosen, int wanted, bool rgb, int *bands,
                              elc_error *err) {
    int most = rgb ? 3 : image->info.bands;
    if (chosen->count != (size_t)wanted)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %zu band%s chosen, the model takes %d: give as many", name,
                        chosen->count, chosen->count == 1 ? "" : "s", wanted);
    for (int i = 0; i < wanted; i++) {
        int64_t band = 0;
        ELC_TRY(elc_parse_int(chosen->items[i], "band", &band, err));
        if (band < 1 || band > most)
            return elc_fail(err, ELC_E_NOT_FOUND,
                            "%s: band %lld asked for, the image has %d%s", name,
                            (long long)band, most, rgb ? ": red, green, blue" : "");
        bands[i] = (int)band;
    }
    return ELC_OK;
}

static bool take_rgb(const elc_image *image, int *bands) {
    int red = find_colour(image, GCI_RedBand),
        green = find_colour(image, GCI_GreenBand);
    int blue = find_colour(image, GCI_BlueBand);
    if (!red || !green || !blue)
        return false;
    bands[0] = red, bands[1] = green, bands[2] = blue;
    return true;
}

static elc_status take_default(const elc_image *image, const char *name, int wanted,
                               int *bands, elc_error *err) {
    int plain = list_plain(image, wanted, bands);
    if (wanted == 3 && take_rgb(image, bands))
        return ELC_OK;
    if (wanted == 3 && plain == 1) {
        bands[1] = bands[2] = bands[0];
        return ELC_OK;
    }
    if (wanted == 1 && plain > 1)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: the model takes 1 band, the image has %d: choose one (--bands "
            "1), or make it grey first",
            name, plain);
    if (plain < wanted)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the model takes %d bands, the image has %d", name, wanted,
                        plain);
    return ELC_OK;
}

/* Red, green and blue of a colour table, of CMYK or YCbCr. */
static elc_status take_colours(const char *name, int wanted, int *bands,
                               elc_error *err) {
    if (wanted != 3)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the model takes %d bands, the image has red, green and "
                        "blue: choose (--bands 1), or make it grey first",
                        name, wanted);
    for (int i = 0; i < 3; i++)
        bands[i] = i + 1;
    return ELC_OK;
}

elc_status elc_image_choose_bands(const elc_image *image, const char *name,
                                  const elc_names *chosen, int wanted, int *bands,
                                  elc_error *err) {
    if (wanted < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %d bands wanted: at least 1", name,
                        wanted);
    bool rgb = elc_colours_of(image) != ELC_COLOURS_PLAIN;
    if (chosen && chosen->count > 0)
        ELC_TRY(take_chosen(image, name, chosen, wanted, rgb, bands, err));
    else if (rgb)
        return take_colours(name, wanted, bands, err);
    else
        ELC_TRY(take_default(image, name, wanted, bands, err));
    return rgb ? ELC_OK : check_palette(image, name, bands, wanted, err);
}
