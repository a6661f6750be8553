// SPDX-License-Identifier: Apache-2.0
/* A GStreamer webrtcbin as a program, for tests of WHIP and WHEP with a peer that shares no code
 * with the server: `webrtc_peer publish` sends a 440 Hz tone and a moving picture, `webrtc_peer
 * watch` receives and decodes one of each. It writes its offer as "OFFER SIZE\n" and the text,
 * reads "ANSWER SIZE\n" and the text, then writes "COUNT audio N video M\n" (decoded buffers) and
 * "STATE name\n" lines until its input ends. */
#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char PUBLISH[] =
    "webrtcbin name=peer bundle-policy=max-bundle "
    "audiotestsrc is-live=true freq=440 ! audioconvert ! opusenc ! rtpopuspay pt=97 ! "
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! peer. "
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=15/1 ! "
    "vp8enc deadline=1 keyframe-max-dist=30 target-bitrate=200000 ! rtpvp8pay pt=96 "
    "picture-id-mode=15-bit ! "
    "application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer.";

typedef struct {
    GMainLoop *loop;
    GstElement *pipeline;
    GstElement *peer;
    bool offered;
    gint asked;   /* an offer is being made; atomic like the counters */
    gint n_audio; /* changed by streaming threads, atomically */
    gint n_video;
} App;

static GstPadProbeReturn count_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
    (void)pad;
    (void)info;
    g_atomic_int_inc((gint *)counter);
    return GST_PAD_PROBE_OK;
}

static void on_decoded(GstElement *decoder, GstPad *pad, gpointer user_data)
{
    App *app = user_data;
    (void)decoder;
    GstCaps *caps = gst_pad_get_current_caps(pad);
    bool is_audio =
        g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), "audio/");
    gst_caps_unref(caps);
    GstElement *sink = gst_element_factory_make("fakesink", NULL);
    g_object_set(sink, "sync", FALSE, "async", FALSE, NULL);
    gst_bin_add(GST_BIN(app->pipeline), sink);
    gst_element_sync_state_with_parent(sink);
    GstPad *into = gst_element_get_static_pad(sink, "sink");
    gst_pad_add_probe(into, GST_PAD_PROBE_TYPE_BUFFER, count_buffer,
                      is_audio ? &app->n_audio : &app->n_video, NULL);
    if (gst_pad_link(pad, into) != GST_PAD_LINK_OK)
        g_printerr("webrtc_peer: cannot link a decoded pad\n");
    gst_object_unref(into);
}

static void on_incoming(GstElement *peer, GstPad *pad, gpointer user_data)
{
    App *app = user_data;
    (void)peer;
    if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC)
        return;
    GstElement *decoder = gst_element_factory_make("decodebin", NULL);
    g_signal_connect(decoder, "pad-added", G_CALLBACK(on_decoded), app);
    gst_bin_add(GST_BIN(app->pipeline), decoder);
    gst_element_sync_state_with_parent(decoder);
    GstPad *into = gst_element_get_static_pad(decoder, "sink");
    if (gst_pad_link(pad, into) != GST_PAD_LINK_OK)
        g_printerr("webrtc_peer: cannot link an incoming pad\n");
    gst_object_unref(into);
}

static void add_receivers(App *app)
{
    static const char *const wanted[] = {
        "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000,"
        "encoding-params=(string)2",
        "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        GstCaps *caps = gst_caps_from_string(wanted[i]);
        GstWebRTCRTPTransceiver *transceiver = NULL;
        g_signal_emit_by_name(app->peer, "add-transceiver",
                              GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
        if (transceiver)
            gst_object_unref(transceiver);
        gst_caps_unref(caps);
    }
}

static void on_offer(GstPromise *promise, gpointer user_data)
{
    App *app = user_data;
    GstWebRTCSessionDescription *offer = NULL;
    gst_structure_get(gst_promise_get_reply(promise), "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                      &offer, NULL);
    gst_promise_unref(promise);
    g_signal_emit_by_name(app->peer, "set-local-description", offer, NULL);
    gst_webrtc_session_description_free(offer);
}

static void on_negotiation(GstElement *peer, gpointer user_data)
{
    App *app = user_data;
    if (!g_atomic_int_compare_and_exchange(&app->asked, 0, 1))
        return;
    GstPromise *promise = gst_promise_new_with_change_func(on_offer, user_data, NULL);
    g_signal_emit_by_name(peer, "create-offer", NULL, promise);
}

/* The offer goes out when all candidates are in it; the text is one write, so it stays whole. */
static void on_gathering(GstElement *peer, GParamSpec *spec, gpointer user_data)
{
    App *app = user_data;
    (void)spec;
    GstWebRTCICEGatheringState state;
    GstWebRTCSessionDescription *offer = NULL;
    g_object_get(peer, "ice-gathering-state", &state, NULL);
    if (state != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE || app->offered)
        return;
    app->offered = true;
    g_object_get(peer, "local-description", &offer, NULL);
    char *text = gst_sdp_message_as_text(offer->sdp);
    printf("OFFER %zu\n%s", strlen(text), text);
    fflush(stdout);
    g_free(text);
    gst_webrtc_session_description_free(offer);
}

static void on_connection(GstElement *peer, GParamSpec *spec, gpointer user_data)
{
    (void)spec;
    (void)user_data;
    GstWebRTCPeerConnectionState state;
    g_object_get(peer, "connection-state", &state, NULL);
    GEnumClass *names = g_type_class_ref(GST_TYPE_WEBRTC_PEER_CONNECTION_STATE);
    printf("STATE %s\n", g_enum_get_value(names, (int)state)->value_nick);
    fflush(stdout);
    g_type_class_unref(names);
}

static void take_answer(App *app, const char *text, gsize size)
{
    GstSDPMessage *message = NULL;
    gst_sdp_message_new(&message);
    if (gst_sdp_message_parse_buffer((const guint8 *)text, (guint)size, message) != GST_SDP_OK) {
        g_printerr("webrtc_peer: the answer is no SDP\n");
        g_main_loop_quit(app->loop);
        gst_sdp_message_free(message);
        return;
    }
    GstWebRTCSessionDescription *answer =
        gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
    g_signal_emit_by_name(app->peer, "set-remote-description", answer, NULL);
    gst_webrtc_session_description_free(answer);
}

static gboolean on_input(GIOChannel *input, GIOCondition condition, gpointer user_data)
{
    App *app = user_data;
    (void)condition;
    g_autofree char *line = NULL;
    if (g_io_channel_read_line(input, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
        g_main_loop_quit(app->loop);
        return G_SOURCE_REMOVE;
    }
    guint64 size = 0;
    if (!g_str_has_prefix(line, "ANSWER ") ||
        !g_ascii_string_to_unsigned(g_strstrip(line + 7), 10, 1, 65536, &size, NULL))
        return G_SOURCE_CONTINUE;
    g_autofree char *text = g_malloc0(size + 1);
    gsize n = 0;
    if (g_io_channel_read_chars(input, text, size, &n, NULL) == G_IO_STATUS_NORMAL)
        take_answer(app, text, n);
    return G_SOURCE_CONTINUE;
}

static gboolean tell_counts(gpointer user_data)
{
    App *app = user_data;
    if (app->offered) {
        printf("COUNT audio %d video %d\n", g_atomic_int_get(&app->n_audio),
               g_atomic_int_get(&app->n_video));
        fflush(stdout);
    }
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    if (argc != 2 || (strcmp(argv[1], "publish") != 0 && strcmp(argv[1], "watch") != 0)) {
        g_printerr("usage: webrtc_peer publish|watch\n");
        return 2;
    }
    bool watches = strcmp(argv[1], "watch") == 0;
    App app = {.loop = g_main_loop_new(NULL, FALSE)};
    app.pipeline = watches ? gst_pipeline_new(NULL) : gst_parse_launch(PUBLISH, NULL);
    app.peer = watches ? gst_element_factory_make("webrtcbin", "peer")
                       : gst_bin_get_by_name(GST_BIN(app.pipeline), "peer");
    if (!app.pipeline || !app.peer) {
        g_printerr("webrtc_peer: GStreamer's plug-ins are not all there\n");
        return 1;
    }
    if (watches) {
        g_object_set(app.peer, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, NULL);
        gst_bin_add(GST_BIN(app.pipeline), gst_object_ref(app.peer));
    }
    g_signal_connect(app.peer, "notify::ice-gathering-state", G_CALLBACK(on_gathering), &app);
    g_signal_connect(app.peer, "notify::connection-state", G_CALLBACK(on_connection), &app);
    g_signal_connect(app.peer, "pad-added", G_CALLBACK(on_incoming), &app);
    if (!watches)
        g_signal_connect(app.peer, "on-negotiation-needed", G_CALLBACK(on_negotiation), &app);
    gst_element_set_state(app.pipeline, GST_STATE_READY);
    if (watches)
        add_receivers(&app);
    GIOChannel *input = g_io_channel_unix_new(0);
    g_io_channel_set_encoding(input, NULL, NULL);
    g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_input, &app);
    g_timeout_add(500, tell_counts, &app);
    gst_element_set_state(app.pipeline, GST_STATE_PLAYING);
    if (watches) /* the signal may have come before anybody listened */
        on_negotiation(app.peer, &app);
    g_main_loop_run(app.loop);
    gst_element_set_state(app.pipeline, GST_STATE_NULL);
    gst_object_unref(app.peer);
    gst_object_unref(app.pipeline);
    g_io_channel_unref(input);
    g_main_loop_unref(app.loop);
    return 0;
}
