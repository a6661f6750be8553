// SPDX-License-Identifier: Apache-2.0
// What every staff entry does first: language, styles, the root of the page.
import '../shared/theme.css';
import '../shared/widgets/fields.css';
import './staff.css';
import './unanswered.css';
import { render, type VNode } from 'preact';
import { initLang } from '../shared/lang';

export function startStaffPage(root: VNode): void {
    initLang();
    const app = document.getElementById('app');
    if (!app) throw new Error('the page has no #app');
    app.textContent = '';
    render(root, app);
}
