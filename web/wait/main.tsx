// SPDX-License-Identifier: Apache-2.0
// Entry of /tunggu/{token}: one who waits for a place. The link is taken out of the address at once and kept
// for this tab.
import { render } from 'preact';
import '../shared/theme.css';
import '../public/public.css';
import { initLang } from '../shared/lang';
import { WaitPage } from './wait_page';
import { tokenFromPath } from './wait_state';

const KEY = 'huyula.wait.token';

function takeToken(): string | null {
    const token = tokenFromPath(location.pathname);
    if (token) {
        sessionStorage.setItem(KEY, token);
        history.replaceState(null, '', '/tunggu');
    }
    return token ?? sessionStorage.getItem(KEY);
}

initLang();
document.body.classList.add('patient-page');
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<WaitPage token={takeToken()} />, root);
}
