// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../shared/strings';
import type { setupId } from './id';

export const setupEn: Words<typeof setupId> = {
    title: 'Start using Huyula',
    intro: 'This server has no account yet. Make the first administrator\'s account; then you set up facility, clinic, doctor and clinic hours.',
    code: 'Setup code',
    code_hint: 'Shown on the server\'s terminal when Huyula starts, for example K7QM-2XHD-9TRW.',
    name: 'Your name',
    login: 'User name',
    login_hint: 'To log in with: 3 to 40 lower-case letters, digits, dots, hyphens or underscores.',
    login_wrong: 'Use 3 to 40 lower-case letters, digits, dots, hyphens or underscores, without spaces.',
    password: 'Password',
    password_hint: 'At least 10 characters. A few ordinary words in a row are easy to remember.',
    password_wrong: 'At least 10 characters.',
    show_password: 'Show password',
    required: '{field} is missing.',
    submit: 'Make the account and go on',
    done_title: 'This server is already set up',
    done_text: 'The first administrator\'s account exists. Please log in.',
    to_login: 'Log in',
};
