// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import '../hours/hours.css';
import './settings.css';
import { SettingsPage } from './settings_page';
import { s } from './words';

startStaffPage(
    <StaffRoot
        role={['admin', 'coordinator']}
        title={() => s('title')}
        page={(session) => <SettingsPage session={session} />}
    />,
);
