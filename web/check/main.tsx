// SPDX-License-Identifier: Apache-2.0
// Entry of /cek/{letter}: whether a letter is genuine. The code is taken out of the address at once.
import { render } from 'preact';
import '../shared/theme.css';
import './check.css';
import { initLang } from '../shared/lang';
import { CheckPage } from './check_page';

const SHOWN_PATH = '/cek/surat';

/** The code stays in this tab's history entry, so that loading again asks again. */
function takeCode(): string {
    const kept = (history.state as { code?: string } | null)?.code;
    const code = kept ?? decodeURIComponent(location.pathname.split('/')[2] ?? '');
    history.replaceState({ code }, '', SHOWN_PATH);
    return code;
}

initLang();
document.body.classList.add('patient-page');
const root = document.getElementById('app');
if (root) {
    const code = takeCode();
    root.textContent = '';
    render(<CheckPage code={code} />, root);
}
