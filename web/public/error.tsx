// SPDX-License-Identifier: Apache-2.0
// The page for addresses that do not exist.
import { render } from 'preact';
import '../shared/theme.css';
import './public.css';
import { initLang, useLang } from '../shared/lang';
import { Header } from '../shared/widgets/header';
import { common } from '../shared/words';
import { t } from './words';

function Missing() {
    useLang();
    document.title = `${t('missing_title')} · Huyula`;
    return (
        <div class="page">
            <Header title={common('app_name')} />
            <main class="page-main stack">
                <h1>{t('missing_title')}</h1>
                <p>{t('missing_text')}</p>
                <a class="button primary" href="/">
                    {t('missing_home')}
                </a>
            </main>
        </div>
    );
}

initLang();
document.body.classList.add('patient-page');
const root = document.getElementById('app');
if (root) {
    root.textContent = '';
    render(<Missing />, root);
}
