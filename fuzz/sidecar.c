/* sidecar.c - fuzzes the sidecars' formats: XML, grouped text and JSON to facts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/facts.h"
#include "image/metadata/camera.h"
#include "image/metadata/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static elc_status read_bytes(elc_record *record, const char *bytes, size_t n,
                             elc_error *err) {
    if (n > 0 && bytes[0] == '<')
        return elc_record_xml(record, "f", bytes, n, err);
    if (n > 0 && bytes[0] == '{')
        return elc_record_json(record, "f", bytes, n, err);
    return elc_record_text(record, "f", bytes, n, err);
}

static void check_fact(elc_fact_id id, const elc_fact *fact) {
    elc_fact_kind kind = elc_fact_fields[id].kind;
    if (fact->source == NULL)
        return;
    must(elc_utf8_valid(fact->source, strlen(fact->source)));
    must((kind == ELC_FACT_TEXT) == (fact->text != NULL));
    must(fact->text == NULL || elc_utf8_valid(fact->text, strlen(fact->text)));
    must((kind == ELC_FACT_REAL || kind == ELC_FACT_LIST) == (fact->n > 0));
    must(kind != ELC_FACT_REAL || fact->n == 1);
    for (size_t i = 0; i < fact->n; i++)
        must(isfinite(fact->numbers[i]));
    if (id == ELC_FACT_CLOUD)
        must(fact->numbers[0] >= 0 && fact->numbers[0] <= 1);
    must(id != ELC_FACT_RPC || fact->n == 92);
    must((id != ELC_FACT_CORNERS_MAP && id != ELC_FACT_CORNERS_LONLAT) || fact->n == 8);
}

static void check_record(const elc_record *record) {
    elc_findings found = {.file = "f", .image = "T07HFE_20190212T192651_B02.jp2"};
    elc_facts facts = {0};
    json_t *conflicts = json_array();
    const elc_format *format = elc_format_of(record);
    if (format != NULL)
        must(elc_format_apply(format, record, &found, NULL) == ELC_OK);
    must(elc_camera_find(record, &found, NULL) == ELC_OK);
    must(elc_facts_weigh(&found, &facts, conflicts, NULL) == ELC_OK);
    for (int i = 0; i < ELC_N_FACTS; i++)
        check_fact((elc_fact_id)i, &facts.items[i]);
    json_decref(conflicts);
    elc_findings_free(&found);
    elc_facts_clear(&facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_record record = {0};
    elc_error err = {0};
    if (read_bytes(&record, (const char *)data, size, &err) == ELC_OK)
        check_record(&record);
    else
        must(strncmp(err.message, "f: ", 3) == 0);
    elc_record_free(&record);
    return 0;
}
