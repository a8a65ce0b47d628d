/* head.c - what the first bytes of WKB say. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"

#include <math.h>

/* Flags of EWKB. */
#define EWKB_Z    0x80000000u
#define EWKB_M    0x40000000u
#define EWKB_SRID 0x20000000u

static uint64_t bytes_at(const unsigned char *b, size_t n, bool big) {
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++)
        bits = bits << 8 | b[big ? i : n - 1 - i];
    return bits;
}

static double number_at(const unsigned char *b, bool big) {
    uint64_t bits = bytes_at(b, 8, big);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void read_numbers(const unsigned char *b, bool big, elc_head *head) {
    head->at.x = number_at(b, big);
    head->at.y = number_at(b + 8, big);
    b += 16;
    if (head->z) {
        head->z_at = number_at(b, big);
        b += 8;
    }
    if (head->m)
        head->m_at = number_at(b, big);
}

elc_status elc_head_read(elc_bytes wkb, elc_head *out, elc_error *err) {
    *out = (elc_head){.type = HEAD_POINT, .z_at = NAN, .m_at = NAN};
    if (elc_wkb_plain_point(wkb.data, wkb.size, &out->at))
        return ELC_OK;
    ELC_TRY(elc_wkb_check(wkb.data, wkb.size, err));
    const unsigned char *b = (const unsigned char *)wkb.data;
    bool big = b[0] == 0;
    uint32_t code = (uint32_t)bytes_at(b + 1, 4, big), kind = code & 0x1fffffffu;
    *out = (elc_head){.type = kind % 1000,
                      .z = (code & EWKB_Z) != 0 || kind / 1000 % 2 == 1,
                      .m = (code & EWKB_M) != 0 || kind / 1000 >= 2,
                      .at = {NAN, NAN},
                      .z_at = NAN,
                      .m_at = NAN};
    if (out->type == HEAD_POINT)
        read_numbers(b + 5 + ((code & EWKB_SRID) != 0 ? 4 : 0), big, out);
    return ELC_OK;
}

elc_status elc_frame_head(const elc_frame *f, size_t argument, size_t row,
                          elc_head *out, elc_error *err) {
    return elc_head_read(elc_frame_bytes(f, argument, row), out, err);
}

elc_status elc_frame_point(const elc_frame *f, size_t argument, size_t row,
                           elc_point *out, bool *empty, elc_error *err) {
    elc_head head;
    ELC_TRY(elc_frame_head(f, argument, row, &head, err));
    if (head.type != HEAD_POINT)
        return elc_fail(err, ELC_E_ARGUMENT, "%s is no point",
                        f->function->arguments[argument].name);
    *out = head.at;
    *empty = isnan(head.at.x) && isnan(head.at.y);
    return ELC_OK;
}
