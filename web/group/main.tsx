// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { GroupPage } from './group_page';
import './group.css';
import { g } from './words';

startStaffPage(
    <StaffRoot role={['doctor', 'desk']} title={() => g('title')} page={(session) => <GroupPage session={session} />} />,
);
