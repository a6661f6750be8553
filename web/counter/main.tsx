// SPDX-License-Identifier: Apache-2.0
import '../public/public.css';
import { StaffRoot } from '../staff/shell';
import { startStaffPage } from '../staff/start';
import { CounterPage } from './counter_page';
import { c } from './words';
import './counter.css';

startStaffPage(
    <StaffRoot role="officer" title={() => c('title')} page={(session) => <CounterPage area={session.area ?? ''} />} />,
);
