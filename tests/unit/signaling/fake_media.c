// SPDX-License-Identifier: Apache-2.0
/* media.h without packets: remembers endpoints, answers each offer with its mirror. */
#include "fixture.h"

#include <string.h>

typedef struct {
    char *endpoint_id;
    MediaEndpointOptions options;
    unsigned n_negotiated;
    bool is_open;
    bool sends_screen;
    char *pinned_id;
    bool is_carried;
    bool is_muted;
    unsigned circle;
} FakeEndpoint;

struct Media {
    GPtrArray *endpoints;
    bool fails;
    bool fails_at_open;
    MediaError code;
};

G_DEFINE_QUARK(fake - media - error - quark, media_error)

static void endpoint_free(FakeEndpoint *endpoint)
{
    g_free(endpoint->endpoint_id);
    g_free(endpoint->pinned_id);
    g_free(endpoint);
}

Media *fake_media_new(void)
{
    Media *media = g_new0(Media, 1);
    media->endpoints = g_ptr_array_new_with_free_func((GDestroyNotify)endpoint_free);
    return media;
}

void media_free(Media *media)
{
    g_ptr_array_unref(media->endpoints);
    g_free(media);
}

static FakeEndpoint *find(const Media *media, const char *endpoint_id)
{
    for (unsigned i = 0; i < media->endpoints->len; i++) {
        FakeEndpoint *endpoint = media->endpoints->pdata[i];
        if (strcmp(endpoint->endpoint_id, endpoint_id) == 0)
            return endpoint;
    }
    return NULL;
}

static bool fail_as_told(Media *media, GError **error)
{
    media->fails = false;
    g_set_error_literal(error, MEDIA_ERROR, (int)media->code, "a=wrong");
    return false;
}

bool media_endpoint_open(Media *media, const MediaEndpointOptions *options, GError **error)
{
    if (media->fails && media->fails_at_open)
        return fail_as_told(media, error);
    FakeEndpoint *endpoint = g_new0(FakeEndpoint, 1);
    endpoint->endpoint_id = g_strdup(options->endpoint_id);
    endpoint->options = *options;
    endpoint->is_open = true;
    endpoint->is_carried = !options->hold;
    g_ptr_array_add(media->endpoints, endpoint);
    return true;
}

bool media_endpoint_negotiate(Media *media, const char *endpoint_id, const MediaDescription *offer,
                              MediaDescription *ret_answer, GError **error)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    assert_non_null(endpoint);
    if (media->fails)
        return fail_as_told(media, error);
    endpoint->n_negotiated++;
    *ret_answer = *offer;
    ret_answer->ice_lite = true;
    ret_answer->setup = MEDIA_SETUP_ACTIVE;
    for (unsigned i = 0; i < offer->n_sections; i++) {
        MediaSection *section = &ret_answer->sections[i];
        unsigned theirs = offer->sections[i].direction;
        section->direction = (MediaDirection)((theirs & MEDIA_DIRECTION_SENDONLY) << 1 |
                                              (theirs & MEDIA_DIRECTION_RECVONLY) >> 1);
    }
    return true;
}

void media_endpoint_set_screen(Media *media, const char *endpoint_id, bool is_screen)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    if (endpoint)
        endpoint->sends_screen = is_screen;
}

void media_endpoint_set_pinned(Media *media, const char *endpoint_id, const char *participant_id)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    if (!endpoint)
        return;
    g_free(endpoint->pinned_id);
    endpoint->pinned_id = g_strdup(participant_id);
}

void media_endpoint_set_audience(Media *media, const char *endpoint_id, bool is_muted,
                                 unsigned circle)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    assert_non_null(endpoint);
    endpoint->is_muted = is_muted;
    endpoint->circle = circle;
}

bool fake_media_is_muted(const Media *media, unsigned n)
{
    const FakeEndpoint *endpoint = media->endpoints->pdata[n];
    return endpoint->is_muted;
}

unsigned fake_media_circle(const Media *media, unsigned n)
{
    const FakeEndpoint *endpoint = media->endpoints->pdata[n];
    return endpoint->circle;
}

void media_endpoint_release(Media *media, const char *endpoint_id)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    assert_non_null(endpoint);
    endpoint->is_carried = true;
}

void media_endpoint_close(Media *media, const char *endpoint_id)
{
    FakeEndpoint *endpoint = find(media, endpoint_id);
    if (endpoint)
        endpoint->is_open = false;
}

bool fake_media_sends_screen(const Media *media, unsigned n)
{
    const FakeEndpoint *endpoint = media->endpoints->pdata[n];
    return endpoint->sends_screen;
}

const char *fake_media_pinned(const Media *media, unsigned n)
{
    const FakeEndpoint *endpoint = media->endpoints->pdata[n];
    return endpoint->pinned_id;
}

void fake_media_fail_next(Media *media, MediaError code, bool at_open)
{
    media->fails = true;
    media->fails_at_open = at_open;
    media->code = code;
}

unsigned fake_media_n_open(const Media *media)
{
    unsigned n_open = 0;
    for (unsigned i = 0; i < media->endpoints->len; i++)
        n_open += fake_media_is_open(media, i);
    return n_open;
}

const char *fake_media_endpoint(const Media *media, unsigned n)
{
    assert_true(n < media->endpoints->len);
    return ((FakeEndpoint *)media->endpoints->pdata[n])->endpoint_id;
}

const MediaEndpointOptions *fake_media_options(const Media *media, unsigned n)
{
    return &((FakeEndpoint *)media->endpoints->pdata[n])->options;
}

unsigned fake_media_n_negotiated(const Media *media, unsigned n)
{
    return ((FakeEndpoint *)media->endpoints->pdata[n])->n_negotiated;
}

bool fake_media_is_open(const Media *media, unsigned n)
{
    return ((FakeEndpoint *)media->endpoints->pdata[n])->is_open;
}

bool fake_media_is_carried(const Media *media, unsigned n)
{
    return ((FakeEndpoint *)media->endpoints->pdata[n])->is_carried;
}

const char *media_kind_name(MediaKind kind)
{
    return kind == MEDIA_KIND_AUDIO ? "audio" : "video";
}

const char *media_picture_name(MediaPicture picture)
{
    static const char *const names[] = {
        [MEDIA_PICTURE_NONE] = "none",
        [MEDIA_PICTURE_MOVING] = "moving",
        [MEDIA_PICTURE_STILLS] = "stills",
        [MEDIA_PICTURE_RECEIVER_LINK] = "receiver-link",
        [MEDIA_PICTURE_SENDER_LINK] = "sender-link",
    };
    return names[picture];
}
