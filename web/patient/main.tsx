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
/* Not of the first load, but there before a poor link is gone. */
void store.load().finally(() => ENGLISH_URL && englishReady().catch(() => undefined));
