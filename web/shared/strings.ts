// SPDX-License-Identifier: Apache-2.0
// Words in the reader's language. A catalogue is a pair of objects; the English one has the type
// Words<typeof indonesian>, so a missing or superfluous key does not compile.
//
//   const t = catalogue(id, en);   t('ahead', { n: 2 })
//
// In a text {n} is replaced; {n?person:people} chooses by n = 1 or not.
import { getLang, type Lang } from './lang';

export type Words<T> = { readonly [K in keyof T]: string };
export type Values = Readonly<Record<string, string | number>>;
export type Translate<T> = (key: keyof T & string, values?: Values) => string;

export function fill(text: string, values: Values): string {
    return text.replace(
        /\{(\w+)(?:\?([^:{}]*):([^{}]*))?\}/g,
        (whole, name: string, one?: string, many?: string) => {
            const value = values[name];
            if (value === undefined) return whole;
            if (one === undefined || many === undefined) return String(value);
            return Number(value) === 1 ? one : many;
        },
    );
}

export function catalogue<T extends Readonly<Record<string, string>>>(
    id: T,
    en: Words<T>,
    lang: () => Lang = getLang,
): Translate<T> {
    return (key, values) => {
        const text = lang() === 'en' ? en[key] : id[key];
        return values ? fill(text as string, values) : (text as string);
    };
}
