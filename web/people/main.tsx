// SPDX-License-Identifier: Apache-2.0
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { PeoplePage } from './people_page';
import { p } from './words';
import './people.css';

startStaffPage(<StaffRoot role="desk" title={() => p('title')} page={() => <PeoplePage />} />);
