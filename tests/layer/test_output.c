/* test_output.c - a file appears only when whole, and failures are told in one line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const all[] = {"t.gpkg", "t.geojson", "t.geojsonl",
                                  "t.fgb",  "t.shp",     "t.csv"};
enum { N_ALL = sizeof all / sizeof *all };

static void assert_refused(const char *path, bool overwrite, elc_status status,
                           const char *why) {
    elc_error err = {0};
    elc_sink *sink = NULL;
    elc_sink_options options = {.overwrite = overwrite};
    assert_int_equal(elc_sink_create(path, &options, &sink, &err), status);
    assert_null(sink);
    if (strstr(err.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, why);
}

/* A sink with a layer and rows in it, not committed. */
static elc_sink *half_written(const char *path, bool overwrite) {
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_sink *sink = NULL;
    size_t layer = 9;
    elc_sink_options options = {.overwrite = overwrite};
    assert_int_equal(elc_sink_create(path, &options, &sink, NULL), ELC_OK);
    assert_int_equal(
        elc_schema_create(fixture_columns, fixture_n_columns, NULL, &schema, NULL),
        ELC_OK);
    assert_int_equal(elc_sink_add_layer(sink, "t", &schema, &layer, NULL), ELC_OK);
    fixture_batch(0, 4, &batch);
    assert_int_equal(elc_sink_write(sink, layer, &batch, NULL), ELC_OK);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return sink;
}

/* ---- whole or not at all -------------------------------------------------- */

static void test_no_name_appears_before_commit(void **state) {
    for (size_t i = 0; i < N_ALL; i++) {
        const char *path = fixture_path(state, all[i]);
        elc_sink *sink = half_written(path, false);
        assert_false(fixture_exists(path));
        assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
        assert_true(fixture_exists(path));
        elc_sink_free(sink);
    }
    assert_int_equal(fixture_count_files(state), N_ALL + 4); /* a shapefile is five */
}

static void test_without_commit_nothing_is_left(void **state) {
    for (size_t i = 0; i < N_ALL; i++)
        elc_sink_free(half_written(fixture_path(state, all[i]), false));
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_a_second_commit_is_refused(void **state) {
    elc_sink *sink = half_written(fixture_path(state, "t.csv"), false);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_E_ARGUMENT);
    elc_sink_free(sink);
    assert_true(fixture_exists(fixture_path(state, "t.csv")));
}

static void test_a_sink_without_layer_cannot_be_committed(void **state) {
    elc_sink *sink = NULL;
    assert_int_equal(elc_sink_create(fixture_path(state, "t.gpkg"), NULL, &sink, NULL),
                     ELC_OK);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_E_ARGUMENT);
    elc_sink_free(sink);
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_every_format_of_the_help_is_taken(void **state) {
    size_t n = 0;
    for (const char *const *line = elc_sink_formats(); *line != NULL; line++) {
        char name[32];
        elc_sink *sink = NULL;
        if (strncmp(*line, "PG:", 3) == 0)
            continue;
        snprintf(name, sizeof name, "t%.*s", (int)strcspn(*line, " ,"), *line);
        const char *path = strcmp(name, "t-") == 0 ? "-" : fixture_path(state, name);
        assert_int_equal(elc_sink_create(path, NULL, &sink, NULL), ELC_OK);
        elc_sink_free(sink);
        n++;
    }
    assert_int_equal(n, 10);
}

/* ---- what is there already ------------------------------------------------ */

static void test_an_existing_file_needs_overwrite(void **state) {
    fixture_put(fixture_path(state, "t.gpkg"), "old");
    fixture_put(fixture_path(state, "u.dbf"), "old");
    assert_refused(fixture_path(state, "t.gpkg"), false, ELC_E_EXISTS, "already");
    assert_refused(fixture_path(state, "u.shp"), false, ELC_E_EXISTS, "u.dbf");
    assert_int_equal(fixture_count_files(state), 2);
}

static void test_overwriting_replaces_only_at_commit(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_put(path, "old");
    elc_sink_free(half_written(path, true));
    char *before = fixture_slurp(path, NULL);
    assert_string_equal(before, "old");
    free(before);
    elc_sink *sink = half_written(path, true);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    char *after = fixture_slurp(path, NULL);
    assert_int_equal(strncmp(after, "id,n32", 6), 0);
    free(after);
    assert_int_equal(fixture_count_files(state), 1);
}

/* An index or a journal of the old file would be taken for the new one's. */
static void test_overwriting_removes_what_belonged_to_the_old_file(void **state) {
    static const char *const leaves[] = {"t.gpkg-journal", "t.gpkg-wal", "t.qix",
                                         "t.sbn", "t.csvt"};
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        fixture_put(fixture_path(state, leaves[i]), "old");
    for (size_t i = 0; i < N_ALL; i++)
        assert_int_equal(fixture_write(fixture_path(state, all[i]), 4, 4, true, NULL),
                         ELC_OK);
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        assert_false(fixture_exists(fixture_path(state, leaves[i])));
}

static void test_a_file_that_appears_meanwhile_is_kept(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    elc_error err = {0};
    elc_sink *sink = half_written(path, false);
    fixture_put(path, "somebody else's");
    assert_int_equal(elc_sink_commit(sink, &err), ELC_E_EXISTS);
    elc_sink_free(sink);
    char *text = fixture_slurp(path, NULL);
    assert_string_equal(text, "somebody else's");
    free(text);
    assert_int_equal(fixture_count_files(state), 1);
}

static void test_two_sinks_of_one_name_do_not_mix(void **state) {
    const char *path = fixture_path(state, "t.gpkg");
    elc_sink *one = half_written(path, true), *other = half_written(path, true);
    assert_int_equal(elc_sink_commit(one, NULL), ELC_OK);
    assert_int_equal(elc_sink_commit(other, NULL), ELC_OK);
    elc_sink_free(one);
    elc_sink_free(other);
    fixture_table table;
    fixture_read(path, &table);
    assert_int_equal(table.count, 4);
    fixture_table_free(&table);
    assert_int_equal(fixture_count_files(state), 1);
}

/* ---- names that cannot be ------------------------------------------------- */

/* How many folders there are in which outputs named t.csv grow. */
static size_t count_hidden(void **state) {
    glob_t found = {0};
    int outcome = glob(fixture_path(state, ".t.csv.part-*"), 0, NULL, &found);
    size_t n = outcome == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return n;
}

static void test_what_a_killed_run_left_is_removed_by_the_next(void **state) {
    const char *path = fixture_path(state, "t.csv");
    int outcome;
    pid_t pid = fork();
    if (pid == 0) {
        half_written(path, false);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(pid, &outcome, 0), pid);
    assert_int_equal(count_hidden(state), 1);
    elc_sink *sink = half_written(path, false);
    assert_int_equal(count_hidden(state), 1);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    assert_int_equal(count_hidden(state), 0);
}

static void test_what_a_live_run_writes_is_not_removed(void **state) {
    const char *path = fixture_path(state, "t.csv");
    int outcome, ready[2], go[2];
    char byte = 0;
    assert_int_equal(pipe(ready) + pipe(go), 0);
    pid_t pid = fork();
    if (pid == 0) {
        elc_sink *sink = half_written(path, true);
        bool well = write(ready[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1 &&
                    elc_sink_commit(sink, NULL) == ELC_OK;
        _exit(well ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    elc_sink_free(half_written(path, true));
    assert_int_equal(write(go[1], &byte, 1), 1);
    assert_int_equal(waitpid(pid, &outcome, 0), pid);
    assert_true(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
    assert_true(fixture_exists(path));
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(go[i]);
    }
}

static void test_names_that_cannot_be_written_are_refused(void **state) {
    fixture_put(fixture_path(state, "file"), "x");
    assert_int_equal(mkdir(fixture_path(state, "t.gpkg"), 0755), 0);
    assert_refused(fixture_path(state, "t.gpkg"), true, ELC_E_ARGUMENT, "is a folder");
    assert_refused(fixture_path(state, "no/t.gpkg"), false, ELC_E_NOT_FOUND,
                   "make it first");
    assert_refused(fixture_path(state, "file/t.gpkg"), false, ELC_E_ARGUMENT,
                   "not a folder");
    assert_refused(fixture_path(state, "t.xyz"), false, ELC_E_ARGUMENT, ".gpkg");
    assert_refused(fixture_path(state, ".gpkg"), false, ELC_E_ARGUMENT, "ending");
    assert_refused("", false, ELC_E_ARGUMENT, "ending");
    assert_refused("/vsis3/bucket/t.gpkg", false, ELC_E_UNSUPPORTED, "local");
    assert_int_equal(fixture_count_files(state), 2);
}

/* root writes everywhere, so that this runs as nobody, in a child. */
static void test_a_folder_that_cannot_be_written_is_refused(void **state) {
    const char *folder = fixture_path(state, "shut");
    const char *path = fixture_path(state, "shut/t.gpkg");
    assert_int_equal(mkdir(folder, 0555), 0);
    assert_int_equal(chmod(*state, 0755), 0);
    pid_t child = fork();
    if (child == 0) {
        elc_error err = {0};
        elc_sink *sink = NULL;
        if (geteuid() == 0 && seteuid(65534) != 0)
            _exit(3);
        elc_status status = elc_sink_create(path, NULL, &sink, &err);
        _exit(status == ELC_E_IO && strstr(err.message, "Permission denied") ? 0 : 1);
    }
    int result = -1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
}

/* ---- no room -------------------------------------------------------------- */

/* No file may grow over `bytes`: a full disk in small. */
static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_folder_that_cannot_be_opened_again_is_not_left(void **state) {
    struct rlimit old, none;
    int next = dup(0);
    const char *path = fixture_path(state, "t.csv");
    assert_int_equal(close(next), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    none = (struct rlimit){(rlim_t)next, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_refused(path, false, ELC_E_IO, "cannot write in the folder");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_a_full_disk_is_told_and_leaves_nothing(void **state) {
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < N_ALL; i++) {
        bool is_fgb = strcmp(all[i], "t.fgb") == 0; /* it takes no rows without shape */
        elc_error err = {0};
        limit_files(is_fgb ? 1000 : 200000);
        elc_status status = fixture_write(fixture_path(state, all[i]),
                                          is_fgb ? 4 : 20000, 500, false, &err);
        limit_files(RLIM_INFINITY);
        assert_int_equal(status, ELC_E_IO);
        assert_non_null(strstr(err.message, all[i]));
        assert_null(strstr(err.message, "no reason"));
        assert_int_equal(fixture_count_files(state), 0);
    }
}

/* OGR's FlatGeobuf would go on for hours and miss its bytes in the end. */
static void test_a_full_disk_is_seen_while_rows_are_written(void **state) {
    static const char *wkt[20001];
    elc_error err = {0};
    for (size_t i = 0; i < 20000; i++)
        wkt[i] = "POINT (1 2)";
    signal(SIGXFSZ, SIG_IGN);
    limit_files(100000);
    elc_status status =
        fixture_write_shapes(fixture_path(state, "t.fgb"), NULL, wkt, &err);
    limit_files(RLIM_INFINITY);
    assert_int_equal(status, ELC_E_IO);
    assert_non_null(strstr(err.message, "no longer grows"));
    assert_int_equal(fixture_count_files(state), 0);
}

/* Only the last bytes do not fit: drivers that do not look at what closing says. */
static void test_the_last_byte_is_missed_too(void **state) {
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < N_ALL; i++) {
        const char *path = fixture_path(state, all[i]);
        struct stat info;
        fixture_write_ok(path, 4);
        assert_int_equal(stat(path, &info), 0);
        limit_files((rlim_t)info.st_size - 1);
        elc_status status = fixture_write(path, 4, 4, true, NULL);
        limit_files(RLIM_INFINITY);
        assert_int_equal(status, ELC_E_IO);
    }
    assert_int_equal(fixture_count_files(state), N_ALL + 4);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_no_name_appears_before_commit),
        TEST(test_without_commit_nothing_is_left),
        TEST(test_a_second_commit_is_refused),
        TEST(test_a_sink_without_layer_cannot_be_committed),
        TEST(test_every_format_of_the_help_is_taken),
        TEST(test_an_existing_file_needs_overwrite),
        TEST(test_overwriting_replaces_only_at_commit),
        TEST(test_overwriting_removes_what_belonged_to_the_old_file),
        TEST(test_a_file_that_appears_meanwhile_is_kept),
        TEST(test_two_sinks_of_one_name_do_not_mix),
        TEST(test_what_a_killed_run_left_is_removed_by_the_next),
        TEST(test_what_a_live_run_writes_is_not_removed),
        TEST(test_names_that_cannot_be_written_are_refused),
        TEST(test_a_folder_that_cannot_be_written_is_refused),
        TEST(test_a_folder_that_cannot_be_opened_again_is_not_left),
        TEST(test_a_full_disk_is_told_and_leaves_nothing),
        TEST(test_a_full_disk_is_seen_while_rows_are_written),
        TEST(test_the_last_byte_is_missed_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
