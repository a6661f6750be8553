// SPDX-License-Identifier: Apache-2.0
import { startStaffPage } from '../staff/start';
import { SetupPage } from './setup_page';

startStaffPage(<SetupPage />);
