// SPDX-License-Identifier: Apache-2.0
// Entry of /: booking.
import { render } from 'preact';
import '../shared/theme.css';
import '../shared/widgets/fields.css';
import './public.css';
import { initLang } from '../shared/lang';
import { App } from './app';
import { BookingStore } from './store';

initLang();
document.body.classList.add('patient-page');
const store = new BookingStore();
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<App store={store} />, root);
}
store.start();
