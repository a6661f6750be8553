// SPDX-License-Identifier: Apache-2.0
import '../public/public.css';
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import '../counter/counter.css';
import { RegisterPage } from './register_page';
import { r } from './words';
import './register.css';

startStaffPage(
    <StaffRoot role={['desk', 'coordinator']} title={() => r('title')} page={(session) => <RegisterPage session={session} />} />,
);
