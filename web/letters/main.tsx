// SPDX-License-Identifier: Apache-2.0
// Entry of /surat-saya: the letters of the visit whose link this tab has opened.
import { render } from 'preact';
import '../shared/theme.css';
import './letters.css';
import { initLang } from '../shared/lang';
import { takeToken } from '../patient/token';
import { OwnLetters } from './letters_page';

initLang();
document.body.classList.add('patient-page');
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<OwnLetters token={takeToken().token} />, root);
}
