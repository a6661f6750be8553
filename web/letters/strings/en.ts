// SPDX-License-Identifier: Apache-2.0
// What the patient's letters say, in English.
import type { Words } from '../../shared/strings';
import type { ownId } from './id';

export const ownEn: Words<typeof ownId> = {
    title: 'My letters',
    loading: 'Loading letters …',
    none: 'No letters from this visit yet.',
    none_hint: 'A letter appears here once the doctor has issued it. This page opens until 24 hours after the visit.',
    again: 'Look again',
    no_visit: "This page opens from your visit's link.",
    no_visit_hint: 'Open the link of your visit first, then choose "Letters from the doctor".',
    open: 'Save the PDF',
    open_name: 'Save the PDF of {kind} {number}',
    'revoked.mistake': 'Revoked by the doctor because it holds a mistake: do not use it.',
    'revoked.replaced': 'Revoked by the doctor because another letter takes its place: do not use it.',
    'revoked.not_needed': 'Revoked by the doctor because it is not needed any more: do not use it.',
    'revoked.other': 'Revoked by the doctor: do not use it.',
    'revoked.medicine': 'If you have the medicine already, ask your health facility before you take it.',
    'revoked.ask': 'If you still need a letter that was revoked, phone {facility}:',
    check: 'Whoever is given this letter can check it with the code at its foot.',
    back: 'Back to the visit',
    'kind.summary': 'Visit summary',
    'kind.prescription': 'Prescription',
    'kind.referral': 'Referral letter',
    'kind.sick': 'Sick letter',
};
