// SPDX-License-Identifier: Apache-2.0
import { i } from '../staff/incident_words';
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import '../hours/hours.css';
import './incidents.css';
import { IncidentsPage } from './incidents_page';

startStaffPage(
    <StaffRoot role={['admin', 'coordinator']} title={() => i('title')} page={() => <IncidentsPage />} />,
);
