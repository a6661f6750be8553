// SPDX-License-Identifier: Apache-2.0
// VP9 payload descriptors (RFC 9628, section 4.2), every field, and cut after every byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "media/rtp/vp9.h"

#include <string.h>

/* As Chromium begins a call: I, L, B, E, V; a 15-bit id; one spatial layer with its size and a
 * picture group of two; then a key frame of profile 0. */
static const uint8_t KEY[] = {0xae, 0x92, 0x34, 0x10, 0x07,       /* id 0x1234, TID 0, U, TL0 7 */
                              0x18, 0x02, 0x80, 0x01, 0x68, 0x02, /* 640x360, two pictures */
                              0x04, 0x01, 0x28, 0x01, 0x02,       /* with one and two references */
                              0x82, 0x49};

static void test_key_frame_with_all_fields(void **state)
{
    (void)state;
    Vp9Descriptor d;
    assert_int_equal(vp9_descriptor_parse(KEY, sizeof KEY, &d), VP9_OK);
    assert_int_equal(d.size, sizeof KEY - 2);
    assert_int_equal(d.picture_id_bits, 15);
    assert_int_equal(d.picture_id, 0x1234);
    assert_true(d.has_layers && d.switching_up && !d.inter_layer && !d.inter_predicted);
    assert_int_equal(d.temporal_id, 0);
    assert_true(d.has_tl0_index);
    assert_int_equal(d.tl0_index, 7);
    assert_true(d.has_structure);
    assert_int_equal(d.n_spatial, 1);
    assert_int_equal(d.width, 640);
    assert_int_equal(d.height, 360);
    assert_true(d.starts_layer_frame && d.ends_layer_frame && !d.not_referred_to && !d.flexible);
    assert_true(vp9_starts_frame(&d));
    assert_true(vp9_starts_key_frame(KEY, sizeof KEY, &d));
}

static void test_cut_after_every_byte(void **state)
{
    (void)state;
    Vp9Descriptor d = {.size = 99};
    for (size_t size = 0; size < sizeof KEY - 1; size++) {
        g_autofree uint8_t *exact = g_memdup2(KEY, size);
        assert_int_equal(vp9_descriptor_parse(exact, size, &d), VP9_TOO_SHORT);
        assert_int_equal(d.size, 99);
    }
    assert_int_equal(vp9_descriptor_parse(KEY, sizeof KEY - 1, &d), VP9_OK);
    /* P and F with references that go on, and a 15-bit id cut in two. */
    static const uint8_t flexible[] = {0x70, 0x20, 0x03, 0x05, 0x02, 0x86};
    for (size_t size = 0; size < sizeof flexible; size++)
        assert_int_equal(vp9_descriptor_parse(flexible, size, &d), VP9_TOO_SHORT);
    static const uint8_t wide[] = {0x80, 0x81};
    assert_int_equal(vp9_descriptor_parse(wide, sizeof wide, &d), VP9_TOO_SHORT);
}

static void test_flexible_mode(void **state)
{
    (void)state;
    Vp9Descriptor d;
    static const uint8_t delta[] = {0xf9, 0x05, 0x57, 0x03, 0x05, 0x02, 0x86};
    assert_int_equal(vp9_descriptor_parse(delta, sizeof delta, &d), VP9_OK);
    assert_int_equal(d.picture_id_bits, 7);
    assert_int_equal(d.picture_id, 5);
    assert_int_equal(d.temporal_id, 2);
    assert_true(d.switching_up);
    assert_int_equal(d.spatial_id, 3);
    assert_true(d.inter_layer && d.not_referred_to && d.inter_predicted && d.flexible);
    assert_false(d.has_tl0_index); /* flexible: each picture names its references */
    assert_int_equal(d.size, 6);
    assert_false(vp9_starts_frame(&d)); /* a higher spatial layer's */
    static const uint8_t four[] = {0x50, 0x03, 0x05, 0x07, 0x02, 0x86};
    assert_int_equal(vp9_descriptor_parse(four, sizeof four, &d), VP9_BAD_REFERENCES);
}

static void test_what_is_no_key_frame(void **state)
{
    (void)state;
    static const struct {
        uint8_t flags, header;
        bool is_key;
    } rows[] = {
        {0x08, 0x82, true},  {0x08, 0xb0, true},  /* profile 3 has a bit more */
        {0x08, 0xb2, false}, {0x08, 0xb4, false}, /* not key, shows an existing frame */
        {0x08, 0x86, false},                      /* not key: intra only */
        {0x08, 0x8a, false},                      /* shows an existing frame */
        {0x08, 0x42, false},                      /* no frame marker */
        {0x48, 0x82, false},                      /* refers to others */
        {0x00, 0x82, false},                      /* not the beginning */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const uint8_t payload[] = {rows[i].flags, rows[i].header};
        Vp9Descriptor d;
        assert_int_equal(vp9_descriptor_parse(payload, 2, &d), VP9_OK);
        assert_int_equal(d.size, 1);
        assert_int_equal(vp9_starts_key_frame(payload, 2, &d), rows[i].is_key);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(vp9_result_name(VP9_OK), "ok");
    assert_string_equal(vp9_result_name(VP9_TOO_SHORT), "too short");
    assert_string_equal(vp9_result_name(VP9_BAD_REFERENCES), "too many references");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_frame_with_all_fields),
        cmocka_unit_test(test_cut_after_every_byte),
        cmocka_unit_test(test_flexible_mode),
        cmocka_unit_test(test_what_is_no_key_frame),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
