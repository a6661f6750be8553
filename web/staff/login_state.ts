// SPDX-License-Identifier: Apache-2.0
// What the log-in page says to each refusal. Pure.
import { ApiProblem } from '../shared/api';

export type LoginFault =
    | { readonly kind: 'wrong' }
    | { readonly kind: 'disabled' }
    | { readonly kind: 'too_many'; readonly retryAfterS: number }
    | { readonly kind: 'other'; readonly error: unknown };

export function loginFault(error: unknown): LoginFault {
    if (!(error instanceof ApiProblem)) return { kind: 'other', error };
    if (error.type === 'account-disabled') return { kind: 'disabled' };
    if (error.status === 429) return { kind: 'too_many', retryAfterS: error.retryAfterS };
    if (error.type === 'wrong-password' || error.status === 401) return { kind: 'wrong' };
    return { kind: 'other', error };
}

/** Seconds under two minutes, whole minutes above: how long to wait. */
export function waitWords(seconds: number): { readonly unit: 'seconds' | 'minutes'; readonly n: number } {
    const whole = Math.max(1, Math.ceil(seconds));
    return whole < 120 ? { unit: 'seconds', n: whole } : { unit: 'minutes', n: Math.ceil(whole / 60) };
}
