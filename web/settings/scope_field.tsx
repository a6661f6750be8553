// SPDX-License-Identifier: Apache-2.0
// For whom something is set: the province or one facility; a coordinator has one to set for.
import { useState } from 'preact/hooks';
import { SelectField } from './fields';
import type { Settings } from './types';
import { s } from './words';

/** The chosen facility, '' for the province; and what is asked of the server. */
export function useScope(): { readonly facility: string; readonly query: string; readonly choose: (facility: string) => void } {
    const [facility, choose] = useState('');
    return { facility, query: facility ? `?facility=${facility}` : '', choose };
}

export function ScopeField({ settings, facility, onFacility }: {
    readonly settings: Settings;
    readonly facility: string;
    readonly onFacility: (facility: string) => void;
}) {
    if (!settings.isAdmin) return null;
    return (
        <SelectField id="scope" label={s('scope')} hint={s('scope_hint')} value={facility} onValue={onFacility}>
            <option value="">{s('scope_province')}</option>
            {settings.directory.facilities.filter((one) => one.active).map((one) => (
                <option key={one.id} value={one.id}>
                    {one.name}
                </option>
            ))}
        </SelectField>
    );
}
