// SPDX-License-Identifier: Apache-2.0
// Who is logged in and where; the way out.
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { common } from '../shared/words';
import type { Session } from './types';
import { t } from './words';

interface Props {
    readonly session: Session | null;
    readonly onLogout: () => void;
}

export function StaffHeader({ session, onLogout }: Props) {
    return (
        <Header title={session?.name ?? common('app_name')}>
            {session?.facility && <span class="only-wide quiet">{session.facility.name}</span>}
            {session && (
                <Button kind="plain" onClick={onLogout} testId="logout">
                    {t('staff.logout')}
                </Button>
            )}
        </Header>
    );
}
