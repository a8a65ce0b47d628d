/* voc.c - Pascal VOC: the size of the image that was labelled. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

static const char *const roots[] = {"annotation", NULL};

static const elc_rule rules[] = {
    {ELC_FACT_WIDTH, ELC_RULE_REAL, "annotation/size/width"},
    {ELC_FACT_HEIGHT, ELC_RULE_REAL, "annotation/size/height"},
    {0}};

const elc_format elc_format_voc = {"Pascal VOC", ELC_WITNESS_OTHER, roots, rules, NULL};
