// SPDX-License-Identifier: Apache-2.0
import { LoginPage } from './login_page';
import { startStaffPage } from './start';

startStaffPage(<LoginPage />);
