// SPDX-License-Identifier: Apache-2.0
// Entry of /v/{token}.
import { render } from 'preact';
import '../shared/theme.css';
import './patient.css';
import './call.css';
import { englishReady } from '../shared/english';
import { initLang } from '../shared/lang';
import { App } from './app';
import { PatientStore } from './store';

declare const ENGLISH_URL: string;

initLang();
document.body.classList.add('patient-page');
const store = new PatientStore();

/* For browser tests and diagnosis: the call and its RTCPeerConnection (web/README.md). */
Object.defineProperty(window, 'huyulaCall', {
    enumerable: false,
    get: () => store.session?.call.connection ?? null,
});

const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<App store={store} />, root);
}
/* Not of the first load, but there before a poor link is gone; never in a call: on a thin link it took the connection that
 * the offer was to go over, and in the talk a third of a second of it. Who switches in a call asks for it. */
function fetchEnglish(): void {
    if (store.isCalled) return;
    undo();
    if (ENGLISH_URL) englishReady().catch(() => undefined);
}
let undo = (): void => undefined;
void store.load().finally(() => {
    undo = store.on('change', fetchEnglish);
    fetchEnglish();
});
