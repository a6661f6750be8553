// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { HoursPage } from './hours_page';
import './hours.css';
import { h } from './words';

startStaffPage(
    <StaffRoot
        role={['doctor', 'desk', 'admin', 'coordinator']}
        title={() => h('title')}
        page={(session) => <HoursPage session={session} />}
    />,
);
