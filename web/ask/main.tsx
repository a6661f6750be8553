// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import '../hours/hours.css';
import './ask.css';
import { AskPage } from './ask_page';
import { LatePage } from './late_page';
import { k } from './words';

startStaffPage(
    <StaffRoot role={['doctor', 'coordinator', 'admin']} title={() => k('title')}
        page={(session) => (session.role === 'doctor' ? <AskPage session={session} /> : <LatePage isAdmin={session.role === 'admin'} />)} />,
);
