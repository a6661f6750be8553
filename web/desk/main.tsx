// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { t } from '../staff/words';
import { DeskPage } from './desk_page';
import './desk.css';

startStaffPage(
    <StaffRoot
        role="desk"
        title={() => t('desk.title')}
        page={(session) => <DeskPage facility={session.facility?.name ?? ''} facilityId={session.facility?.id ?? ''} />}
    />,
);
