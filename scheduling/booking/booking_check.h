// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a booking request brought into normal form, field by field. Pure but
 * for the date of today that it is given. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/booking/contact.h"
#include "scheduling/booking/person.h"

typedef struct {
    char *name, *phone;
    char *reason;     /**< NULL: none was said */
    const char *lang; /**< "id" or "en" */
    bool has_nik;
    PersonNik nik;
    char *contact_name; /**< NULL: the patient books */
    ContactRelation contact_relation;
    bool has_mother_nik;
    PersonNik mother_nik;
} BookingFields;
void booking_fields_clear(BookingFields *fields);

/** A child younger than CONTACT_CHILD_YEARS, and nobody is named who comes along. Pure. */
bool booking_is_lone_child(const BookingRequest *request, const char *today);
/** Adds what is wrong to FAULTS and what is odd to WARNINGS; true when there is no fault. What is
 * odd about the NIK is person_nik_compare()'s, which reads the areas. */
bool booking_check(const BookingRequest *request, const char *today, BookingFields *ret_fields,
                   FaultList *faults, FaultList *warnings);
