// SPDX-License-Identifier: Apache-2.0
// The reader's language: kept in the cookie `lang`, which the server reads too. Changing it renders
// the page anew without loading it again.
import { useEffect, useState } from 'preact/hooks';
import { englishReady } from './english';

declare const ENGLISH_URL: string;

export type Lang = 'id' | 'en';

const YEAR_S = 365 * 24 * 3600;
const listeners = new Set<() => void>();
let current: Lang = 'id';

export function langFromCookie(cookie: string): Lang {
    return /(?:^|;\s*)lang=en(?:;|$)/.test(cookie) ? 'en' : 'id';
}

export function getLang(): Lang {
    return current;
}

/** Once at the start of a page, before the first render. `?lang=en` in the address counts too. */
export function initLang(): void {
    const asked = new URLSearchParams(location.search).get('lang');
    const isAsked = asked === 'en' || asked === 'id';
    if (isAsked) keep(asked);
    show(isAsked ? asked : langFromCookie(document.cookie));
}

function keep(lang: Lang): void {
    document.cookie = `lang=${lang}; path=/; max-age=${YEAR_S}; SameSite=Lax; Secure`;
}

export function setLang(lang: Lang): void {
    keep(lang);
    show(lang);
}

/** At once, or when the words have come; without a network the page stays as it is. */
function show(lang: Lang): void {
    if (lang === 'en' && ENGLISH_URL) englishReady().then(() => speak(lang), () => undefined);
    else speak(lang);
}

function speak(lang: Lang): void {
    current = lang;
    document.documentElement.lang = lang;
    for (const listener of listeners) listener();
}

/** In the page's root component: renders again when the language changes. */
export function useLang(): Lang {
    const [lang, update] = useState<Lang>(current);
    useEffect(() => {
        const listener = () => update(current);
        /* English may have come since the first render. */
        listener();
        listeners.add(listener);
        return () => {
            listeners.delete(listener);
        };
    }, []);
    return lang;
}
