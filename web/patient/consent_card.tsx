// SPDX-License-Identifier: Apache-2.0
// Asks the patient to agree to the text of now, on the visit's page; a script of its own (consent_place.tsx).
import { render } from 'preact';
import { ConsentPart } from '../move/consent_part';
import { initLang } from '../shared/lang';
import { knownToken } from './token';

declare global {
    interface Window {
        huyulaConsent?: (place: Element) => void;
    }
}

/** In the page's language of now. */
window.huyulaConsent = (place) => {
    const token = knownToken();
    initLang();
    if (token) render(<ConsentPart token={token} />, place);
};
