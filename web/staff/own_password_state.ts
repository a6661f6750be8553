// SPDX-License-Identifier: Apache-2.0
// Pure: what the form for the own password holds, and what is wrong with it before it is sent.

export interface PasswordDraft {
    readonly current: string;
    readonly password: string;
    readonly again: string;
}

export const NO_PASSWORDS: PasswordDraft = { current: '', password: '', again: '' };
/** As server/auth/password.h has it; what else makes one too simple only the server says. */
export const PASSWORD_MIN_CHARS = 10;

export type PasswordFault = 'required' | 'too_short' | 'differs';
export type PasswordFaults = Partial<Record<keyof PasswordDraft, PasswordFault>>;

export function passwordFaults({ current, password, again }: PasswordDraft): PasswordFaults {
    const faults: PasswordFaults = {};
    if (current === '') faults.current = 'required';
    if (password === '') faults.password = 'required';
    else if (Array.from(password).length < PASSWORD_MIN_CHARS) faults.password = 'too_short';
    if (again === '') faults.again = 'required';
    else if (again !== password) faults.again = 'differs';
    return faults;
}
