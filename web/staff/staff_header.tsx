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
    const title = session
        ? [session.name, session.facility?.name].filter(Boolean).join(' · ')
        : common('app_name');
    return (
        <Header title={title}>
            {session && (
                <Button kind="plain" onClick={onLogout} testId="logout">
                    {t('staff.logout')}
                </Button>
            )}
        </Header>
    );
}
