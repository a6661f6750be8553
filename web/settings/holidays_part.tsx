// SPDX-License-Identifier: Apache-2.0
// Holidays of the province and of facilities: those to come and those that are over this year, one by one or out of a
// table. A coordinator sees the province's beside the own ones.
import { useState } from 'preact/hooks';
import type { Saved as SavedFunc } from '../hours/change';
import { HolidayDialog } from '../hours/exception_dialogs';
import { HolidayList } from '../hours/lists';
import { RemoveDialog, type Removal } from '../hours/remove_dialog';
import type { Holiday } from '../hours/types';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { CsvPart } from './csv_part';
import { SelectField } from './fields';
import { ALL, PROVINCE, holidaysOf } from './holidays_state';
import { Saved, type SavedProps } from './saved';
import type { Settings } from './types';
import { s } from './words';

const YEARS_AHEAD = 5;

type Open =
    | { readonly what: 'holiday'; readonly holiday: Holiday | null }
    | { readonly what: 'remove'; readonly removal: Removal };

export function HolidaysPart({ settings }: { readonly settings: Settings }) {
    const year = Number(settings.today.slice(0, 4));
    const [version, setVersion] = useState(0);
    const [whose, setWhose] = useState(ALL);
    const [open, setOpen] = useState<Open | null>(null);
    const [kept, setKept] = useState<SavedProps | null>(null);
    const { value, problem } = useFetched<{ holidays: Holiday[] }>(
        `/api/v1/holidays?from=${year}-01-01&until=${year + YEARS_AHEAD}-12-31`, version);
    const reload = () => setVersion((n) => n + 1);
    const start = (next: Open) => {
        setKept(null);
        setOpen(next);
    };
    return (
        <div class="stack" data-testid="holidays">
            <p>{s('holidays_text')}</p>
            {kept !== null && <Saved {...kept} />}
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {problem === null && !value && <Loading />}
            <div class="hours-lists">
                {value && <Lists holidays={value.holidays} whose={whose} settings={settings} onWhose={setWhose} onOpen={start} />}
                <div class="stack">
                    <h2>{s('holidays_table')}</h2>
                    <CsvPart isAdmin={settings.isAdmin} only="holiday" onChosen={() => setKept(null)} onSaved={reload} />
                </div>
            </div>
            {open && <OpenDialog open={open} settings={settings} whose={whose} onClose={() => setOpen(null)} onSaved={(n, told, _until, notReachable = 0, noPhone = 0) => {
                setKept({ kept: n, told, notReachable, noPhone });
                setOpen(null);
                reload();
            }} />}
        </div>
    );
}

interface ListsProps {
    readonly holidays: readonly Holiday[];
    readonly whose: string;
    readonly settings: Settings;
    readonly onWhose: (whose: string) => void;
    readonly onOpen: (open: Open) => void;
}

function Lists({ holidays, whose, settings, onWhose, onOpen }: ListsProps) {
    const { isAdmin, today, directory } = settings;
    const { coming, past } = holidaysOf(holidays, whose, today);
    const ways = {
        /* A coordinator's directory is of the own facility alone. */
        mayKeep: (one: Holiday) => isAdmin || directory.facilities.some(({ id }) => id === one.facility),
        onEdit: (holiday: Holiday) => onOpen({ what: 'holiday', holiday }),
        onRemove: (removal: Removal) => onOpen({ what: 'remove', removal }),
    };
    return (
        <div class="stack">
            {isAdmin && (
                <SelectField id="holidays-whose" label={s('holidays_whose')} value={whose} onValue={onWhose}>
                    <option value={ALL}>{s('holidays_all')}</option>
                    <option value={PROVINCE}>{s('scope_province')}</option>
                    {directory.facilities.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.name}
                        </option>
                    ))}
                </SelectField>
            )}
            <div class="hours-tools">
                <Button kind="primary" testId="holiday-add" onClick={() => onOpen({ what: 'holiday', holiday: null })}>
                    {s('holiday_add')}
                </Button>
            </div>
            <HolidayList title={s('holidays_coming')} holidays={coming} {...ways} />
            {past.length > 0 && (
                <details data-testid="holidays-past">
                    <summary>{s('holidays_past', { n: past.length })}</summary>
                    <HolidayList title={null} holidays={past} {...ways} />
                </details>
            )}
        </div>
    );
}

function OpenDialog({ open, settings, whose, onClose, onSaved }: {
    readonly open: Open;
    readonly settings: Settings;
    readonly whose: string;
    readonly onClose: () => void;
    readonly onSaved: SavedFunc;
}) {
    const { isAdmin, today, directory } = settings;
    if (open.what === 'remove') return <RemoveDialog removal={open.removal} onClose={onClose} onSaved={onSaved} />;
    const places = isAdmin ? directory.facilities.filter((one) => one.active) : [];
    return (
        <HolidayDialog holiday={open.holiday} province={isAdmin} places={places} today={today}
            place={places.some((one) => one.id === whose) ? whose : ''} onClose={onClose} onSaved={onSaved} />
    );
}
