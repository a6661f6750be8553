// SPDX-License-Identifier: Apache-2.0
/* The public directory: facilities with their clinics and doctors; and the link between a doctor
 * and a login account, which server/auth owns. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

typedef struct {
    char *id, *name;
} DirectoryDoctor;

/** What patients can have in a clinic. */
typedef struct {
    char *id, *name, *mode; /**< mode: "video" "assisted" */
    int64_t duration_minutes, price_rupiah;
} DirectoryService;

typedef struct {
    char *id, *name;
    GPtrArray *doctors;  /**< DirectoryDoctor */
    GPtrArray *services; /**< DirectoryService */
} DirectoryClinic;

typedef struct {
    char *id, *name, *kind; /**< kind: "puskesmas" "clinic" "hospital" */
    char *area_code, *area; /**< "75.01.01", "Limboto, Kabupaten Gorontalo" */
    char *address, *phone;
    GPtrArray *clinics; /**< DirectoryClinic */
} DirectoryFacility;

typedef void (*DirectoryDone)(GPtrArray *facilities, const GError *error, gpointer user_data);
/** Active facilities (DirectoryFacility), by name. */
void directory_list(Scheduling *scheduling, DirectoryDone done, gpointer user_data);

typedef struct {
    char *practitioner_id; /**< NULL: this user is no doctor */
    char *practitioner_name;
} DirectoryUser;
typedef void (*DirectoryUserDone)(const DirectoryUser *user, const GError *error,
                                  gpointer user_data);
/** The doctor that USER_ID logs in as. */
void directory_get_user(Scheduling *scheduling, const char *user_id, DirectoryUserDone done,
                        gpointer user_data);

/** Inside a job: the name of a kecamatan, kabupaten or kota; NOT_FOUND. To be freed. */
char *directory_area_name(DbTx *tx, const char *area_code, GError **error);
/** Inside a job: *ret_name of a facility (to be freed); NOT_FOUND. For the session's answer. */
char *directory_facility_name(DbTx *tx, const char *facility_id, GError **error);
/** Inside a job: the doctor with this id logs in as USER_ID from now on. NOT_FOUND. */
bool directory_link_user(DbTx *tx, const char *practitioner_id, const char *user_id,
                         GError **error);
