// SPDX-License-Identifier: Apache-2.0
// What the letter check says, in English.
import type { Words } from '../../shared/strings';
import type { checkId } from './id';

export const checkEn: Words<typeof checkId> = {
    title: 'Check a letter',
    checking: 'Checking the letter …',
    'valid.title': 'This letter is genuine',
    'valid.text': 'It was issued by the facility below and has not been changed. Compare number, date and initials with the letter in your hand.',
    'revoked.title': 'This letter has been revoked',
    'revoked.text': 'It was issued once, but was revoked on {when}. It is no longer valid.',
    'broken.title': 'This letter is not valid',
    'broken.text': 'This letter is not the same as the one that was issued. Please call the facility named on the letter.',
    'unknown.title': 'No such letter',
    'unknown.text': 'We have issued no letter with this code. Check the address; if it came from the code on a letter, that letter is not ours.',
    'fact.kind': 'Kind',
    'fact.number': 'Number',
    'fact.date': 'Date',
    'fact.facility': 'Issued by',
    'fact.patient': "Patient's initials",
    'kind.summary': 'Visit summary',
    'kind.prescription': 'Prescription',
    'kind.referral': 'Referral letter',
    'kind.sick': 'Sick letter',
    privacy: 'This page shows no full name, no diagnosis and nothing of what the letter says.',
};
