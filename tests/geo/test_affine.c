/* test_affine.c - pixel to map and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_affine_applies_in_gdals_order(void **state) {
    (void)state;
    elc_affine t = {{100, 2, 3, 200, 5, -7}};
    elc_point p = elc_affine_apply(&t, (elc_point){10, 20});
    assert_true(p.x == 100 + 20 + 60 && p.y == 200 + 50 - 140);
    p = elc_affine_apply(&t, (elc_point){0, 0});
    assert_true(p.x == 100 && p.y == 200);
}

static void test_affine_inverse_leads_back(void **state) {
    (void)state;
    unsigned seed = 3;
    for (int i = 0; i < 1000; i++) {
        double angle = rand_r(&seed) % 360 * M_PI / 180, size = pow(10, i % 9 - 6);
        elc_affine inverse, t = {{rand_r(&seed) % 1000000, size * cos(angle),
                                  size * 1.5 * sin(angle), rand_r(&seed) % 9000000,
                                  size * sin(angle), -size * 1.5 * cos(angle)}};
        assert_int_equal(elc_affine_invert(&t, &inverse, NULL), ELC_OK);
        elc_point p = {rand_r(&seed) % 40000, rand_r(&seed) % 40000};
        elc_point back = elc_affine_apply(&inverse, elc_affine_apply(&t, p));
        double lost = 9e6 * 2.3e-16 / size * 8 + 1e-7; /* the map's digits, in pixels */
        assert_true(fabs(back.x - p.x) < lost && fabs(back.y - p.y) < lost);
    }
}

static void has_no_inverse(elc_affine t) {
    elc_affine out = {{1, 2, 3, 4, 5, 6}}, same = out;
    elc_error err = {0};
    assert_int_equal(elc_affine_invert(&t, &out, &err), ELC_E_ARGUMENT);
    assert_memory_equal(&out, &same, sizeof out);
    assert_non_null(strstr(err.message, "has no inverse"));
}

static void test_affine_without_inverse_is_refused(void **state) {
    (void)state;
    has_no_inverse((elc_affine){{0, 0, 0, 0, 0, 0}});
    has_no_inverse((elc_affine){{5, 1, 2, 5, 2, 4}});
    has_no_inverse((elc_affine){{5, 0.1, 0.3, 5, 0.2, 0.6}});
    has_no_inverse((elc_affine){{5, 1, 0, 5, 0, 0}});
    has_no_inverse((elc_affine){{NAN, 1, 0, 5, 0, -1}});
    has_no_inverse((elc_affine){{5, 1, INFINITY, 5, 0, -1}});
    has_no_inverse((elc_affine){{5, 1e-200, 0, 5, 0, -1e-200}});
    has_no_inverse((elc_affine){{5, 1e200, 0, 5, 0, -1e200}});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_affine_applies_in_gdals_order),
        cmocka_unit_test(test_affine_inverse_leads_back),
        cmocka_unit_test(test_affine_without_inverse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
