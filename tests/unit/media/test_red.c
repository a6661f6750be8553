// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/red.h"

static const uint8_t *bytes(const char *text)
{
    return (const uint8_t *)text;
}

static void test_write_and_parse(void **state)
{
    (void)state;
    /* 60 ms packets, the oldest two before the primary: 5,760 and 2,880 samples. */
    const RedBlock blocks[] = {
        {111, 5760, bytes("old"), 3},
        {111, 2880, bytes("newer"), 5},
        {111, 0, bytes("primary"), 7},
    };
    uint8_t data[64];
    size_t size = 0;
    assert_int_equal(red_write(blocks, 3, data, sizeof data, &size), RED_OK);
    assert_int_equal(size, 2 * 4 + 1 + 3 + 5 + 7);
    assert_memory_equal(data, "\xef\x5a\x00\x03\xef\x2d\x00\x05\x6foldnewerprimary", size);

    RedPacket packet;
    assert_int_equal(red_parse(data, size, &packet), RED_OK);
    assert_int_equal(packet.n_blocks, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(packet.blocks[i].payload_type, 111);
        assert_int_equal(packet.blocks[i].timestamp_offset, blocks[i].timestamp_offset);
        assert_int_equal(packet.blocks[i].size, blocks[i].size);
        assert_memory_equal(packet.blocks[i].data, blocks[i].data, blocks[i].size);
    }
    RedBlock primary;
    assert_int_equal(red_primary(data, size, &primary), RED_OK);
    assert_int_equal(primary.size, 7);
    assert_ptr_equal(primary.data, data + size - 7);
}

static void test_the_primary_alone(void **state)
{
    (void)state;
    RedBlock primary;
    assert_int_equal(red_primary(bytes("\x6fx"), 2, &primary), RED_OK);
    assert_int_equal(primary.payload_type, 111);
    assert_int_equal(primary.size, 1);
    uint8_t data[2];
    size_t size = 0;
    assert_int_equal(red_write(&primary, 1, data, sizeof data, &size), RED_OK);
    assert_memory_equal(data, "\x6fx", 2);
}

static void test_an_empty_redundant_block(void **state)
{
    (void)state;
    RedPacket packet;
    assert_int_equal(red_parse(bytes("\xef\x0f\x00\x00\x6fx"), 6, &packet), RED_OK);
    assert_int_equal(packet.n_blocks, 2);
    assert_int_equal(packet.blocks[0].size, 0);
    assert_int_equal(packet.blocks[0].timestamp_offset, 960);
    assert_int_equal(packet.blocks[1].size, 1);
}

static RedResult parse(const char *text, size_t size)
{
    RedPacket packet;
    g_autofree uint8_t *copy = g_memdup2(text, size); /* exact, for the sanitizer */
    return red_parse(copy, size, &packet);
}

static void test_lengths_that_lie(void **state)
{
    (void)state;
    assert_int_equal(parse("", 0), RED_TOO_SHORT);
    assert_int_equal(parse("\xef", 1), RED_TOO_SHORT);
    assert_int_equal(parse("\xef\x0f\x00", 3), RED_TOO_SHORT);
    assert_int_equal(parse("\xef\x0f\x00\x01", 4), RED_TOO_SHORT); /* no primary header */
    assert_int_equal(parse("\x6f", 1), RED_BAD_LENGTH);            /* no primary */
    assert_int_equal(parse("\xef\x0f\x00\x01\x6fx", 6), RED_BAD_LENGTH);
    assert_int_equal(parse("\xef\x0f\x03\xff\x6fxy", 7), RED_BAD_LENGTH);
    /* Each fits, their sum does not. */
    assert_int_equal(parse("\xef\x0f\x00\x02\xef\x0f\x00\x02\x6fxyz", 12), RED_BAD_LENGTH);
}

static void test_a_chain_of_headers(void **state)
{
    (void)state;
    uint8_t data[RED_BLOCKS_MAX * RED_HEADER_BYTES + 2];
    RedPacket packet;
    for (size_t i = 0; i < RED_BLOCKS_MAX; i++)
        memcpy(data + i * RED_HEADER_BYTES, "\xef\x0f\x00\x00", RED_HEADER_BYTES);
    data[sizeof data - 2] = 111;
    data[sizeof data - 1] = 'x';
    assert_int_equal(red_parse(data, sizeof data, &packet), RED_TOO_MANY_BLOCKS);
    assert_int_equal(red_parse(data + RED_HEADER_BYTES, sizeof data - RED_HEADER_BYTES, &packet),
                     RED_OK);
    assert_int_equal(packet.n_blocks, RED_BLOCKS_MAX);
}

static void test_what_cannot_be_written(void **state)
{
    (void)state;
    static uint8_t large[RED_BLOCK_BYTES_MAX + 1];
    uint8_t data[3000];
    size_t size = 12345;
    const RedBlock primary = {111, 0, bytes("x"), 1};
    const RedBlock bad[][2] = {
        {{111, RED_OFFSET_MAX + 1, bytes("x"), 1}, primary},
        {{111, 1, large, sizeof large}, primary},
        {{128, 1, bytes("x"), 1}, primary},
        {primary, {111, 1, bytes("x"), 1}},
        {primary, {111, 0, bytes(""), 0}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_int_equal(red_write(bad[i], 2, data, sizeof data, &size), RED_BAD_ARGUMENT);
    assert_int_equal(red_write(bad[0], 0, data, sizeof data, &size), RED_BAD_ARGUMENT);
    RedBlock many[RED_BLOCKS_MAX + 1];
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = primary;
    assert_int_equal(red_write(many, RED_BLOCKS_MAX + 1, data, sizeof data, &size),
                     RED_BAD_ARGUMENT);
    const RedBlock limits[] = {{127, RED_OFFSET_MAX, large, RED_BLOCK_BYTES_MAX}, primary};
    assert_int_equal(red_write(limits, 2, data, 4 + 1 + RED_BLOCK_BYTES_MAX, &size), RED_NO_SPACE);
    assert_int_equal(size, 12345);
    assert_int_equal(red_write(limits, 2, data, 4 + 2 + RED_BLOCK_BYTES_MAX, &size), RED_OK);
    RedPacket packet;
    assert_int_equal(red_parse(data, size, &packet), RED_OK);
    assert_int_equal(packet.blocks[0].timestamp_offset, RED_OFFSET_MAX);
    assert_int_equal(packet.blocks[0].size, RED_BLOCK_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_parse),
        cmocka_unit_test(test_the_primary_alone),
        cmocka_unit_test(test_an_empty_redundant_block),
        cmocka_unit_test(test_lengths_that_lie),
        cmocka_unit_test(test_a_chain_of_headers),
        cmocka_unit_test(test_what_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
