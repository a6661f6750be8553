// SPDX-License-Identifier: Apache-2.0
// Entry of /pindah: the patient moves the visit, or comes again after a missed one. The link is that of
// the visit's own page in this tab, so it stands in no address.
import { render } from 'preact';
import '../shared/theme.css';
import '../public/public.css';
import { initLang } from '../shared/lang';
import { MovePage } from './move_page';

initLang();
document.body.classList.add('patient-page');
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<MovePage />, root);
}
