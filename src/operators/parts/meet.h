/* meet.h - how rows of two tables meet, as options that several operators have. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_MEET_H
#define ELC_OPERATORS_PARTS_MEET_H

#include <elcano/run.h>

static const char *const part_predicates[] = {
    "intersects", "within",   "contains", "covers",   "covered_by", "touches",
    "crosses",    "overlaps", "equals",   "disjoint", NULL};

/* clang-format off */
#define PART_MEET_OPTIONS                                                                   \
    {.name = "on",                                                                     \
     .type = ELC_OPTION_LIST,                                                          \
     .help = "columns whose values must be equal: NAME where both tables have it, "    \
             "else LEFT=RIGHT; numbers are compared by value, whole numbers with "     \
             "text as decimals; NULL equals nothing"},                                 \
    {.name = "predicate",                                                              \
     .type = ELC_OPTION_CHOICE,                                                        \
     .choices = part_predicates,                                                       \
     .help = "how the place of a left row must lie to that of a right one, exactly; "  \
             "a point on a border intersects, is covered by and touches, and is not "  \
             "within; intersects where nothing says how rows meet and both tables "    \
             "have places"},                                                           \
    {.name = "distance",                                                               \
     .type = ELC_OPTION_LENGTH,                                                        \
     .help = "places of any type at most so far apart: 50m on the ellipsoid, without " \
             "a unit in that of the left CRS"},                                        \
    {.name = "ownership",                                                              \
     .type = ELC_OPTION_BOOL,                                                          \
     .fallback = "no",                                                                 \
     .help = "a left row gets one zone at most: on a border that zones share, that "   \
             "to its right, else above; what is no point goes by one inside of it"},                                              \
    {.name = "x",                                                                      \
     .type = ELC_OPTION_TEXT,                                                          \
     .help = "the column of numbers that is x where a table has no geometry, in the "  \
             "CRS of the other; default: lon and lat, degrees on WGS 84"},             \
    {.name = "y", .type = ELC_OPTION_TEXT, .help = "the column that is y"}
/* clang-format on */

#endif
