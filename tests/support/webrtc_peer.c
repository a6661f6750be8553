// SPDX-License-Identifier: Apache-2.0
/* A GStreamer webrtcbin as a program, for tests of WHIP and WHEP with a peer that shares no code
 * with the server: `webrtc_peer publish` sends a 440 Hz tone and a moving picture, `webrtc_peer
 * watch` receives and decodes one of each, `watch-cc` with transport-wide feedback. The HTTP is its
 * parent's work. It writes JSON lines:
 *   {"offer": SDP} once, {"state": NAME} of the connection,
 *   {"windows": N, "hz": N, "frames": N, "changes": N} twice a second: windows of 100 ms that were
 *   heard, the dominant frequency of the last one (0: silence), pictures decoded, and how many of
 *   them differed from the one before.
 * It reads one line, the answer with C's escapes, and runs until its input ends. */
#define GST_USE_UNSTABLE_API
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
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

enum {
    SAMPLE_RATE = 48000,
    WINDOW_SAMPLES = SAMPLE_RATE / 10,
    STEP_HZ = SAMPLE_RATE / WINDOW_SAMPLES, /* how fine such a window tells frequencies apart */
    LOWEST_HZ = 100,
    HIGHEST_HZ = 2000,
    SILENCE = 300, /* mean level below which nothing is heard, of 32767 */
};

static const char LISTEN[] = "audioconvert name=in ! audioresample ! "
                             "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved ! "
                             "appsink name=out sync=false emit-signals=true";

/* Given to a transceiver's caps; webrtcbin offers it then and tells at each marker what came. */
static const char TRANSPORT_WIDE[] =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

typedef struct {
    GMainLoop *loop;
    GstElement *pipeline;
    GstElement *peer;
    bool watches;
    bool tells; /* transport-wide feedback */
    bool offered;
    gint asked; /* an offer is being made; atomic, as what follows but the last three */
    gint n_windows;
    gint dominant_hz;
    gint n_frames;
    gint n_changes;
    int16_t window[WINDOW_SAMPLES]; /* the audio thread's */
    unsigned n_samples;
    uint32_t last_picture; /* the video thread's */
} App;

/* Goertzel's algorithm: the power of the frequency HZ in the window. */
static double power_at(const int16_t *samples, unsigned hz)
{
    double factor = 2 * cos(2 * G_PI * hz / SAMPLE_RATE), last = 0, before = 0;
    for (unsigned i = 0; i < WINDOW_SAMPLES; i++) {
        double now = samples[i] + factor * last - before;
        before = last;
        last = now;
    }
    return last * last + before * before - factor * last * before;
}

static gint dominant_frequency(const int16_t *samples)
{
    double level = 0, best = 0;
    gint best_hz = 0;
    for (unsigned i = 0; i < WINDOW_SAMPLES; i++)
        level += fabs((double)samples[i]) / WINDOW_SAMPLES;
    if (level < SILENCE)
        return 0;
    for (unsigned hz = LOWEST_HZ; hz <= HIGHEST_HZ; hz += STEP_HZ) {
        double power = power_at(samples, hz);
        if (power > best) {
            best = power;
            best_hz = (gint)hz;
        }
    }
    return best_hz;
}

static GstFlowReturn on_sound(GstAppSink *sink, gpointer user_data)
{
    App *app = user_data;
    GstSample *sample = gst_app_sink_pull_sample(sink);
    GstMapInfo map;
    if (sample && gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ)) {
        for (gsize i = 0; i + 1 < map.size; i += 2) {
            app->window[app->n_samples++] = (int16_t)(map.data[i] | map.data[i + 1] << 8);
            if (app->n_samples < WINDOW_SAMPLES)
                continue;
            app->n_samples = 0;
            g_atomic_int_set(&app->dominant_hz, dominant_frequency(app->window));
            g_atomic_int_inc(&app->n_windows);
        }
        gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    }
    if (sample)
        gst_sample_unref(sample);
    return GST_FLOW_OK;
}

static GstPadProbeReturn on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    App *app = user_data;
    (void)pad;
    GstMapInfo map;
    if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ))
        return GST_PAD_PROBE_OK;
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (gsize i = 0; i < map.size; i++)
        hash = (hash ^ map.data[i]) * 16777619u;
    gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
    g_atomic_int_inc(&app->n_frames);
    if (hash != app->last_picture)
        g_atomic_int_inc(&app->n_changes);
    app->last_picture = hash;
    return GST_PAD_PROBE_OK;
}

/* Where a decoded stream goes: sound into the windows, pictures past the probe. */
static GstElement *make_sink(App *app, bool is_audio)
{
    if (!is_audio) {
        GstElement *sink = gst_element_factory_make("fakesink", NULL);
        g_object_set(sink, "sync", FALSE, "async", FALSE, NULL);
        GstPad *pad = gst_element_get_static_pad(sink, "sink");
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, app, NULL);
        gst_object_unref(pad);
        return sink;
    }
    GstElement *bin = gst_parse_bin_from_description(LISTEN, FALSE, NULL);
    GstElement *in = gst_bin_get_by_name(GST_BIN(bin), "in");
    GstElement *out = gst_bin_get_by_name(GST_BIN(bin), "out");
    g_signal_connect(out, "new-sample", G_CALLBACK(on_sound), app);
    GstPad *pad = gst_element_get_static_pad(in, "sink");
    gst_element_add_pad(bin, gst_ghost_pad_new("sink", pad));
    gst_object_unref(pad);
    gst_object_unref(in);
    gst_object_unref(out);
    return bin;
}

static void on_decoded(GstElement *decoder, GstPad *pad, gpointer user_data)
{
    App *app = user_data;
    (void)decoder;
    GstCaps *caps = gst_pad_get_current_caps(pad);
    bool is_audio =
        g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), "audio/");
    gst_caps_unref(caps);
    GstElement *sink = make_sink(app, is_audio);
    gst_bin_add(GST_BIN(app->pipeline), sink);
    gst_element_sync_state_with_parent(sink);
    GstPad *into = gst_element_get_static_pad(sink, "sink");
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
        if (app->tells)
            gst_caps_set_simple(caps, "extmap-1", G_TYPE_STRING, TRANSPORT_WIDE,
                                "rtcp-fb-transport-cc", G_TYPE_BOOLEAN, TRUE, NULL);
        GstWebRTCRTPTransceiver *transceiver = NULL;
        g_signal_emit_by_name(app->peer, "add-transceiver",
                              GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
        if (transceiver)
            gst_object_unref(transceiver);
        gst_caps_unref(caps);
    }
}

/* RFC 9725, 4.2: a publisher offers sendonly; linking makes sendrecv ones. */
static void only_send(App *app)
{
    GArray *transceivers = NULL;
    g_signal_emit_by_name(app->peer, "get-transceivers", &transceivers);
    for (unsigned i = 0; i < transceivers->len; i++)
        g_object_set(g_array_index(transceivers, GObject *, i), "direction",
                     GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, NULL);
    g_array_unref(transceivers);
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
    if (!app->watches)
        only_send(app);
    GstPromise *promise = gst_promise_new_with_change_func(on_offer, user_data, NULL);
    g_signal_emit_by_name(peer, "create-offer", NULL, promise);
}

/* The offer goes out when all candidates are in it. An SDP's escapes in C are those of JSON. */
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
    char *escaped = g_strescape(text, NULL);
    printf("{\"offer\": \"%s\"}\n", escaped);
    fflush(stdout);
    g_free(escaped);
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
    printf("{\"state\": \"%s\"}\n", g_enum_get_value(names, (int)state)->value_nick);
    fflush(stdout);
    g_type_class_unref(names);
}

static bool take_answer(App *app, const char *text)
{
    GstSDPMessage *message = NULL;
    gst_sdp_message_new(&message);
    if (gst_sdp_message_parse_buffer((const guint8 *)text, (guint)strlen(text), message) !=
        GST_SDP_OK) {
        g_printerr("webrtc_peer: the answer is no SDP\n");
        gst_sdp_message_free(message);
        return false;
    }
    GstWebRTCSessionDescription *answer =
        gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
    g_signal_emit_by_name(app->peer, "set-remote-description", answer, NULL);
    gst_webrtc_session_description_free(answer);
    return true;
}

static gboolean on_input(GIOChannel *input, GIOCondition condition, gpointer user_data)
{
    App *app = user_data;
    (void)condition;
    g_autofree char *line = NULL;
    if (g_io_channel_read_line(input, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL) {
        g_autofree char *answer = g_strcompress(g_strchomp(line));
        if (take_answer(app, answer))
            return G_SOURCE_CONTINUE;
    }
    g_main_loop_quit(app->loop);
    return G_SOURCE_REMOVE;
}

static gboolean tell_counts(gpointer user_data)
{
    App *app = user_data;
    if (app->watches) {
        printf("{\"windows\": %d, \"hz\": %d, \"frames\": %d, \"changes\": %d}\n",
               g_atomic_int_get(&app->n_windows), g_atomic_int_get(&app->dominant_hz),
               g_atomic_int_get(&app->n_frames), g_atomic_int_get(&app->n_changes));
        fflush(stdout);
    }
    return G_SOURCE_CONTINUE;
}

/* Candidates of loopback alone, and nothing is asked of a router. Without this the agent binds its
 * sockets to the other interfaces, from which loopback is not reached. */
static void stay_on_loopback(GstElement *peer)
{
    GObject *ice = NULL, *agent = NULL;
    gboolean is_added = FALSE;
    g_object_get(peer, "ice-agent", &ice, NULL);
    g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &is_added);
    if (!is_added)
        g_printerr("webrtc_peer: no candidates on loopback\n");
    g_object_get(ice, "agent", &agent, NULL);
    g_object_set(agent, "upnp", FALSE, NULL);
    g_object_unref(agent);
    g_object_unref(ice);
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    bool tells = argc == 2 && strcmp(argv[1], "watch-cc") == 0;
    bool watches = tells || (argc == 2 && strcmp(argv[1], "watch") == 0);
    if (!watches && (argc != 2 || strcmp(argv[1], "publish") != 0)) {
        g_printerr("usage: webrtc_peer publish|watch|watch-cc\n");
        return 2;
    }
    App app = {.loop = g_main_loop_new(NULL, FALSE), .watches = watches, .tells = tells};
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
    stay_on_loopback(app.peer);
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
