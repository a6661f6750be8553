// SPDX-License-Identifier: Apache-2.0
import { startStaffPage } from '../staff/start';
import { PosRoot } from './pos_root';
import '../doctor/note/vital.css';
import './outreach.css';

startStaffPage(<PosRoot />);

/* So that the page opens without a network, and the ones that the Back button leads to say so; where there is none of it (an untrusted certificate), it does not. */
void navigator.serviceWorker?.register('/pos-sw.js', { scope: '/' }).catch(() => undefined);
