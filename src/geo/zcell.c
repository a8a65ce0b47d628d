/* zcell.c - cells of the z-order curve over longitude and latitude: geohashes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <ctype.h>
#include <math.h>
#include <string.h>

/* Niemeyer's alphabet (http://geohash.org). */
static const char ALPHABET[] = "0123456789bcdefghjkmnpqrstuvwxyz";
enum { LETTER_BITS = 5 };

/* A cell by its column and row, of `x_bits` and `y_bits`. */
typedef struct {
    int64_t x, y;
    int x_bits, y_bits;
} place;

/* ---- bits -------------------------------------------------------------------------
 */

static place place_of(elc_zcell cell) {
    place p = {0, 0, (cell.bits + 1) / 2, cell.bits / 2};
    for (int i = 0; i < cell.bits; i++) { /* from the curve's first bit */
        int64_t bit = (int64_t)(cell.code >> (cell.bits - 1 - i) & 1);
        if (i % 2 == 0)
            p.x = p.x << 1 | bit;
        else
            p.y = p.y << 1 | bit;
    }
    return p;
}

static elc_zcell cell_of(place p) {
    elc_zcell cell = {0, p.x_bits + p.y_bits};
    for (int i = 0; i < cell.bits; i++) {
        int64_t bit = i % 2 == 0 ? p.x >> (p.x_bits - 1 - i / 2) & 1
                                 : p.y >> (p.y_bits - 1 - i / 2) & 1;
        cell.code = cell.code << 1 | (uint64_t)bit;
    }
    return cell;
}

/* Where cell i begins. Exact: a side is 45 times a power of two. */
static double edge(int64_t i, int bits, double side) {
    return (double)i * ldexp(side, -bits) - side / 2;
}

/* The cell of v among 2^bits over `side` degrees round 0; the last one is closed. */
static int64_t index_of(double v, int bits, double side) {
    int64_t last = (INT64_C(1) << bits) - 1;
    int64_t i = (int64_t)floor((v + side / 2) * ldexp(1 / side, bits));
    i = i < 0 ? 0 : i > last ? last : i;
    while (i > 0 && v < edge(i, bits, side)) /* what the product has rounded */
        i--;
    while (i < last && v >= edge(i + 1, bits, side))
        i++;
    return i;
}

/* ---- cells ------------------------------------------------------------------------
 */

static elc_status check_bits(int bits, elc_error *err) {
    if (bits >= 1 && bits <= ELC_ZCELL_BITS)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "a cell of %d bits: give 1 to %d", bits,
                    ELC_ZCELL_BITS);
}

elc_status elc_zcell_at(elc_point lonlat, int bits, elc_zcell *out, elc_error *err) {
    ELC_TRY(check_bits(bits, err));
    if (!(fabs(lonlat.x) <= 180) || !(fabs(lonlat.y) <= 90))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the place %g, %g has no cell: longitudes go from -180 to 180 "
                        "and latitudes from -90 to 90",
                        lonlat.x, lonlat.y);
    place p = {0, 0, (bits + 1) / 2, bits / 2};
    p.x = index_of(lonlat.x, p.x_bits, 360);
    p.y = index_of(lonlat.y, p.y_bits, 180);
    *out = cell_of(p);
    return ELC_OK;
}

void elc_zcell_bounds(elc_zcell cell, elc_point *low, elc_point *high) {
    place p = place_of(cell);
    *low = (elc_point){edge(p.x, p.x_bits, 360), edge(p.y, p.y_bits, 180)};
    *high = (elc_point){edge(p.x + 1, p.x_bits, 360), edge(p.y + 1, p.y_bits, 180)};
}

elc_status elc_zcell_parent(elc_zcell cell, int bits, elc_zcell *out, elc_error *err) {
    ELC_TRY(check_bits(bits, err));
    if (bits > cell.bits)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a cell of %d bits has no parent of %d: those have fewer",
                        cell.bits, bits);
    *out = (elc_zcell){cell.code >> (cell.bits - bits), bits};
    return ELC_OK;
}

static bool is_among(const elc_zcell *cells, size_t n, elc_zcell cell) {
    for (size_t i = 0; i < n; i++)
        if (cells[i].code == cell.code)
            return true;
    return false;
}

size_t elc_zcell_neighbours(elc_zcell cell, elc_zcell out[8]) {
    place p = place_of(cell);
    int64_t columns = INT64_C(1) << p.x_bits, rows = INT64_C(1) << p.y_bits;
    size_t n = 0;
    for (int dy = 1; dy >= -1; dy--)
        for (int dx = -1; dx <= 1; dx++) {
            place q = p;
            q.x = (p.x + dx + columns) % columns;
            q.y = p.y + dy;
            elc_zcell other = cell_of(q);
            if (q.y >= 0 && q.y < rows && other.code != cell.code &&
                !is_among(out, n, other))
                out[n++] = other;
        }
    return n;
}

/* ---- text -------------------------------------------------------------------------
 */

void elc_zcell_text(elc_zcell cell, char out[ELC_ZCELL_TEXT]) {
    int step = cell.bits % LETTER_BITS == 0 ? LETTER_BITS : 1, n = 0;
    for (int left = cell.bits - step; left >= 0; left -= step)
        out[n++] = ALPHABET[cell.code >> left & ((1u << step) - 1)];
    out[n] = '\0';
}

elc_status elc_zcell_parse(const char *geohash, elc_zcell *out, elc_error *err) {
    elc_zcell cell = {0, 0};
    size_t n = strnlen(geohash, ELC_ZCELL_BITS);
    if (n < 1 || n > ELC_ZCELL_BITS / LETTER_BITS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the geohash \"%.20s\" has not 1 to %d "
                        "letters",
                        geohash, ELC_ZCELL_BITS / LETTER_BITS);
    for (size_t i = 0; i < n; i++) {
        const char *letter = strchr(ALPHABET, tolower((unsigned char)geohash[i]));
        if (letter == NULL)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "the geohash \"%s\" has '%c' in it; its letters are %s",
                            geohash, geohash[i], ALPHABET);
        cell.code = cell.code << LETTER_BITS | (uint64_t)(letter - ALPHABET);
        cell.bits += LETTER_BITS;
    }
    *out = cell;
    return ELC_OK;
}
