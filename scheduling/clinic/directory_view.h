// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics and practitioners as those see them who keep them: archived ones too, with
 * registrations and permits. No patient's data. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/directory_draft.h"
#include "scheduling/scheduling.h"

typedef struct {
    DirectoryDraft *draft;
    char *user_id;  /**< of a practitioner: the account that it logs in with; NULL: none */
    bool has_hours; /**< of a practitioner: there are weekly hours */
} DirectoryRow;

typedef struct {
    GPtrArray *facilities;    /**< DirectoryRow, by name */
    GPtrArray *clinics;       /**< DirectoryRow, by facility and letter */
    GPtrArray *practitioners; /**< DirectoryRow, by name */
    GPtrArray *services;      /**< DirectoryRow, by facility, clinic and name */
} DirectoryView;

typedef void (*DirectoryViewDone)(const DirectoryView *view, const GError *error,
                                  gpointer user_data);
/** What the actor keeps; FORBIDDEN for who keeps nothing. A coordinator sees of its people the
 * places and permits of its own facility alone. */
void directory_view_get(Scheduling *scheduling, const Actor *actor, DirectoryViewDone done,
                        gpointer user_data);

/** The same inside a job; VIEW is to be cleared. */
bool directory_view_load(DbTx *tx, const Actor *actor, DirectoryView *view, GError **error);
void directory_view_clear(DirectoryView *view);

typedef struct {
    char *code, *parent_code, *name, *kind;
} DirectoryArea;
/** AREAS holds DirectoryArea, by code: province, kabupaten and kota, kecamatan. */
typedef void (*DirectoryAreasDone)(GPtrArray *areas, const GError *error, gpointer user_data);
void directory_areas(Scheduling *scheduling, DirectoryAreasDone done, gpointer user_data);
