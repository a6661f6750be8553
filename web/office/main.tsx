// SPDX-License-Identifier: Apache-2.0
import { startStaffPage } from '../staff/start';
import { StaffRoot } from '../staff/shell';
import { t } from '../staff/words';
import { OfficePage } from './office_page';
import './office.css';

startStaffPage(<StaffRoot role="office" title={() => t('office.title')} page={() => <OfficePage />} />);
