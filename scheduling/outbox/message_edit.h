// SPDX-License-Identifier: Apache-2.0
/* The texts of messages as they are kept: an administrator sets the province's and those of any
 * facility, a coordinator those of its own. A new text is a new version, with an audit row;
 * messages are composed by it from then on. Threads: see scheduling.h. */
#pragma once
#include "scheduling/outbox/message_kind.h"
#include "scheduling/policy/policy_edit.h"
#include "scheduling/scheduling.h"

typedef struct {
    MessageKind kind;
    bool is_english;
    char *text;      /**< that is sent */
    char *inherited; /**< that would be sent if nothing were set here */
    PolicySource source;
    int64_t version; /**< of what is set here, counted with what was taken back; 0: nothing yet */
} MessageText;

typedef struct {
    char *facility_id, *facility; /**< NULL: the province */
    GPtrArray *texts;             /**< MessageText, by kind and language; of an edit only its own */
    unsigned early_minutes;       /**< for samples: what the rule of the day says */
} MessageView;

/** VIEW is valid during the call; NULL with ERROR. */
typedef void (*MessageViewDone)(const MessageView *view, const GError *error, gpointer user_data);
/** FACILITY_ID NULL: the province's, or a coordinator's own. NOT_FOUND, also for another's. */
void message_get(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                 MessageViewDone done, gpointer user_data);

typedef struct {
    const char *facility_id;
    MessageKind kind;
    bool is_english;
    const char *text; /**< NULL: as it is inherited */
    int64_t version;  /**< that it was made from: another one by now is CHANGED */
    bool is_trial;    /**< VIEW says what it would be, and nothing is kept */
} MessageWish;
/** FAULTS, at `text`, count with INVALID_FIELDS. */
typedef void (*MessageEditDone)(const MessageView *view, const FaultList *faults,
                                const GError *error, gpointer user_data);
/** WISH is copied. */
void message_edit(Scheduling *scheduling, const Actor *actor, const MessageWish *wish,
                  MessageEditDone done, gpointer user_data);

/* Inside a job. */

/** What a message of FACILITY_ID is composed by: *RET_TEXT, to be freed, NULL: the shipped text. */
bool message_text_load(DbTx *tx, const char *facility_id, MessageKind kind, bool is_english,
                       char **ret_text, GError **error);
MessageText *message_text_find(DbTx *tx, const char *facility_id, MessageKind kind, bool is_english,
                               GError **error);
void message_text_free(gpointer text);
/** Writes a version of a text that passed message_check(), unless it is so already. */
bool message_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const MessageWish *wish,
                 bool *ret_changed, GError **error);
