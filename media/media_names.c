// SPDX-License-Identifier: Apache-2.0
/* The error domain of the folder and the names of its public enums. */
#include "media/media.h"

G_DEFINE_QUARK(media - error - quark, media_error)

const char *media_kind_name(MediaKind kind)
{
    switch (kind) {
    case MEDIA_KIND_AUDIO:
        return "audio";
    case MEDIA_KIND_VIDEO:
        return "video";
    }
    g_assert_not_reached();
}

const char *media_picture_name(MediaPicture picture)
{
    switch (picture) {
    case MEDIA_PICTURE_NONE:
        return "none";
    case MEDIA_PICTURE_MOVING:
        return "moving";
    case MEDIA_PICTURE_STILLS:
        return "stills";
    case MEDIA_PICTURE_RECEIVER_LINK:
        return "receiver-link";
    case MEDIA_PICTURE_SENDER_LINK:
        return "sender-link";
    }
    g_assert_not_reached();
}

const char *media_endpoint_state_name(MediaEndpointState state)
{
    switch (state) {
    case MEDIA_ENDPOINT_NEW:
        return "new";
    case MEDIA_ENDPOINT_CHECKED:
        return "checked";
    case MEDIA_ENDPOINT_CONNECTED:
        return "connected";
    case MEDIA_ENDPOINT_SILENT:
        return "silent";
    case MEDIA_ENDPOINT_FAILED:
        return "failed";
    }
    g_assert_not_reached();
}
