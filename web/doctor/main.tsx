// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { t } from '../staff/words';
import { DoctorPage } from './doctor_page';
import './doctor.css';
import './letters/letters.css';
import './note/note.css';
import './note/vital.css';
import './outreach_panel.css';

startStaffPage(<StaffRoot role="doctor" title={() => t('day.title_date')} page={(session) => <DoctorPage session={session} />} />);
