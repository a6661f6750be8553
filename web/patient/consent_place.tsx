// SPDX-License-Identifier: Apache-2.0
// Where a patient who has not agreed to the text of now is asked to. What asks is not of the first load: most have
// agreed when they booked. Whom it does not reach the staff see, and ask themselves.
import { useEffect, useRef } from 'preact/hooks';
import { useLang } from '../shared/lang';
import '../shared/widgets/consent_text.css';
import { asksConsent } from './screen';
import type { PatientStore } from './store';

declare const CONSENT_URL: string;

export function ConsentPlace({ store }: { store: PatientStore }) {
    const place = useRef<HTMLDivElement>(null);
    const lang = useLang();
    const asks = asksConsent(store.current);
    useEffect(() => {
        if (!asks) return;
        const show = () => place.current && window.huyulaConsent?.(place.current);
        if (window.huyulaConsent) show();
        else {
            const script = document.createElement('script');
            script.src = CONSENT_URL;
            script.onload = show;
            document.head.append(script);
        }
    }, [asks, lang]);
    return asks && <div ref={place} class="consent-place" />;
}
