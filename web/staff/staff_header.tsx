// SPDX-License-Identifier: Apache-2.0
// Who is logged in and where; the own password behind the name; the way out.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { common } from '../shared/words';
import { OwnPasswordDialog } from './own_password';
import type { Session } from './types';
import { t } from './words';

interface Props {
    readonly session: Session | null;
    readonly onLogout: () => void;
    /** True for a failure that leads to the log-in page. */
    readonly guard?: (error: unknown) => boolean;
}

export function StaffHeader({ session, onLogout, guard = () => false }: Props) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <Header title={session ? '' : common('app_name')}>
                {session && (
                    <button type="button" class="own-account" onClick={() => setOpen(true)} data-testid="own-account"
                        aria-label={t('password.open', { name: session.name })}>
                        <Icon name="person" />
                        <span>{session.name}</span>
                    </button>
                )}
                {session?.facility && <span class="only-wide quiet">{session.facility.name}</span>}
                {session && (
                    <Button kind="plain" onClick={onLogout} testId="logout">
                        {t('staff.logout')}
                    </Button>
                )}
            </Header>
            {open && <OwnPasswordDialog guard={guard} onClose={() => setOpen(false)} />}
        </>
    );
}
