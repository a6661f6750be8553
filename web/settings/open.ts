// SPDX-License-Identifier: Apache-2.0
// Which dialog is open.
import type { AccountFor } from './account_dialogs';
import type { Account, Clinic, Facility, Practitioner, Service } from './types';

export type Open =
    | { readonly what: 'facility'; readonly facility: Facility | null }
    | { readonly what: 'clinic'; readonly facility: Facility; readonly clinic: Clinic | null }
    | { readonly what: 'service'; readonly clinic: Clinic; readonly service: Service | null }
    | { readonly what: 'person'; readonly person: Practitioner | null }
    | { readonly what: 'account-new'; readonly whom: AccountFor | null }
    | { readonly what: 'account'; readonly account: Account }
    | { readonly what: 'password'; readonly account: Account };
