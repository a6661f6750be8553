// SPDX-License-Identifier: Apache-2.0
// What an administrator finds after the log-in: accounts are kept by commands on the server.
import { fill } from '../shared/strings';
import { t, type StaffKey } from './words';

/* The actions of `huyula user` (server/ops/cli_user.c). */
const COMMANDS: readonly (readonly [words: StaffKey, command: string])[] = [
    ['login.admin_add', 'add {login} --role desk'],
    ['login.admin_add_doctor', 'add {login} --role doctor --practitioner {id}'],
    ['login.admin_passwd', 'passwd {login}'],
    ['login.admin_disable', 'disable {login}'],
    ['login.admin_enable', 'enable {login}'],
];

export function AdminNote() {
    const login = t('login.admin_login');
    const id = t('login.admin_id');
    return (
        <div class="card stack" data-testid="admin-note">
            <h1>{t('login.admin_title')}</h1>
            <p>
                <a class="button" href="/jadwal" data-testid="to-hours">
                    {t('staff.hours')}
                </a>
            </p>
            <p>{t('login.admin_text')}</p>
            <dl class="commands">
                {COMMANDS.map(([words, command]) => (
                    <div key={words}>
                        <dt>{t(words)}</dt>
                        <dd>
                            <code class="command">huyula user {fill(command, { login, id })}</code>
                        </dd>
                    </div>
                ))}
            </dl>
            <p class="quiet">{t('login.admin_help', { login, id })}</p>
            <p class="quiet">{t('login.admin_other')}</p>
        </div>
    );
}
