// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_keys.h"

#include "scheduling/outbox/sms.h"
#include "scheduling/people/pair_private.h"

void visit_keys_init(VisitKeys *keys, const Scheduling *scheduling, const VisitKeysOf *of)
{
    const SecretBox *box = scheduling->box;
    const char *phone = of->phone ? of->phone : "";
    *keys = (VisitKeys){
        .phone_sealed = secret_box_seal(box, "visit.phone", phone),
        .phone_index = *phone ? secret_box_index(box, "visit.phone", phone) : NULL,
        .is_fixed_line = sms_is_fixed_line(phone),
        .nik_sealed = of->nik ? secret_box_seal(box, "patient.nik", of->nik) : NULL,
        .nik_index = of->nik ? secret_box_index(box, "patient.nik", of->nik) : NULL,
        .mother_nik_sealed =
            of->mother_nik ? secret_box_seal(box, "patient.nik", of->mother_nik) : NULL,
        .mother_nik_index =
            of->mother_nik ? secret_box_index(box, "patient.nik", of->mother_nik) : NULL,
        .person_index = person_match_index(scheduling, of->name, of->birth_date),
    };
}

void visit_keys_clear(VisitKeys *keys)
{
    char *texts[] = {keys->phone_sealed, keys->phone_index,       keys->nik_sealed,
                     keys->nik_index,    keys->mother_nik_sealed, keys->mother_nik_index,
                     keys->person_index};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
