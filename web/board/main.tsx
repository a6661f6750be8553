// SPDX-License-Identifier: Apache-2.0
// Entry of /papan and /papan/{clinic}: the board in the lobby.
import { render } from 'preact';
import '../shared/theme.css';
import './board.css';
import { initLang } from '../shared/lang';
import { BoardPage } from './board_page';

initLang();
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<BoardPage />, root);
}
