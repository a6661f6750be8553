// SPDX-License-Identifier: Apache-2.0
// Settings: facilities and clinics, doctors, accounts, holidays, rules, texts of messages. An administrator keeps all of
// them, a coordinator those of one facility.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { isoDate } from '../shared/format';
import { Failure, Loading } from '../staff/parts';
import type { Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { AccountDialog, NewAccountDialog, PasswordDialog } from './account_dialogs';
import { ConsentsPart } from './consents_part';
import { CsvPart } from './csv_part';
import { HolidaysPart } from './holidays_part';
import { AccountsPart, PeoplePart, PlacesPart } from './lists';
import { MessagesPart } from './messages_part';
import type { Open } from './open';
import { PersonDialog } from './person_dialog';
import { ClinicDialog, FacilityDialog, type DialogProps } from './place_dialogs';
import { RulesPart } from './rules_part';
import { Saved, type SavedProps } from './saved';
import { ServiceDialog } from './service_dialog';
import { Steps } from './steps';
import { nextStep } from './settings_state';
import type { Account, Area, Directory, Settings } from './types';
import { NursesNotice } from './nurses_notice';
import { UnansweredNotice } from './unanswered_notice';
import { s } from './words';

const TABS = ['places', 'people', 'accounts', 'holidays', 'rules', 'messages', 'consents', 'csv'] as const;
/** Of the whole province. */
const ADMIN_TABS: readonly string[] = ['consents'];
const OWN_NEWS: readonly string[] = ['holidays', 'rules', 'messages', 'consents', 'csv']; // parts that say themselves what was saved
type Tab = (typeof TABS)[number];

/** The part of the page stands in the address, so that a reload comes back to it. */
function useTab(): Tab {
    const read = (): Tab => TABS.find((one) => `#${one}` === location.hash) ?? 'places';
    const [tab, setTab] = useState(read);
    useEffect(() => {
        const on = () => setTab(read());
        addEventListener('hashchange', on);
        return () => removeEventListener('hashchange', on);
    }, []);
    return tab;
}

export function SettingsPage({ session }: { readonly session: Session }) {
    const tab = useTab();
    const [version, setVersion] = useState(0);
    const [open, setOpen] = useState<Open | null>(null);
    const [kept, setKept] = useState<SavedProps | null>(null);
    const directory = useFetched<Directory>('/api/v1/directory', version);
    const accounts = useFetched<{ accounts: Account[] }>('/api/v1/accounts', version);
    const areas = useFetched<{ areas: Area[] }>('/api/v1/areas', 0);
    const reload = useCallback(() => setVersion((n) => n + 1), []);
    const problem = directory.problem ?? accounts.problem ?? areas.problem;
    const saved = (nKept: number, told = 0, _until: string | null = null, notReachable = 0, noPhone = 0) => {
        setKept({ kept: nKept, told, notReachable, noPhone });
        setOpen(null);
        reload();
    };
    const settings: Settings | null = directory.value && accounts.value && areas.value && {
        directory: directory.value, accounts: accounts.value.accounts, areas: areas.value.areas,
        today: isoDate(directory.value.server_ms), isAdmin: session.role === 'admin',
    };
    return (
        <div class="settings">
            <div class="hours-head">
                <h1>{s('title')}</h1>
                {settings !== null && nextStep(settings.directory) === null && (
                    <div class="hours-tools">
                        <a class="button plain" href="/kejadian" data-testid="to-incidents">
                            {s('to_incidents')}
                        </a>
                        <a class="button plain" href="/tanya" data-testid="to-questions">
                            {s('to_questions')}
                        </a>
                        {session.role === 'coordinator' && (
                            <a class="button plain" href="/loket/daftar" data-testid="to-register">
                                {s('to_register')}
                            </a>
                        )}
                        <a class="button plain" href="/" data-testid="to-booking">
                            {s('to_booking')}
                        </a>
                    </div>
                )}
            </div>
            <UnansweredNotice />
            {session.role === 'coordinator' && <NursesNotice />}
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {problem === null && !settings && <Loading />}
            {settings && <Steps settings={settings} onOpen={setOpen} />}
            <Tabs tab={tab} isAdmin={session.role === 'admin'} />
            {kept !== null && !OWN_NEWS.includes(tab) && <Saved {...kept} />}
            {settings && <Part tab={tab} settings={settings} onOpen={setOpen} onChanged={reload} />}
            {settings && open && (
                <OpenDialog key={JSON.stringify(open)} open={open} settings={settings} onClose={() => setOpen(null)}
                    onSaved={saved} onOpen={(next) => {
                        reload();
                        setOpen(next);
                    }} />
            )}
        </div>
    );
}

function Tabs({ tab, isAdmin }: { readonly tab: Tab; readonly isAdmin: boolean }) {
    return (
        <nav class="tabs" aria-label={s('tabs')}>
            {TABS.filter((one) => isAdmin || !ADMIN_TABS.includes(one)).map((one) => (
                <a key={one} href={`#${one}`} class="tab" aria-current={one === tab ? 'page' : undefined}
                    data-testid={`tab-${one}`}>
                    {s(`tab.${one}`)}
                </a>
            ))}
        </nav>
    );
}

function Part({ tab, settings, onOpen, onChanged }: {
    readonly tab: Tab;
    readonly settings: Settings;
    readonly onOpen: (open: Open) => void;
    /** Something else than a dialog changed what is shown. */
    readonly onChanged: () => void;
}) {
    switch (tab) {
        case 'places':
            return <PlacesPart settings={settings} onOpen={onOpen} />;
        case 'people':
            return <PeoplePart settings={settings} onOpen={onOpen} />;
        case 'accounts':
            return <AccountsPart settings={settings} onOpen={onOpen} />;
        case 'holidays':
            return <HolidaysPart settings={settings} />;
        case 'rules':
            return <RulesPart settings={settings} />;
        case 'messages':
            return <MessagesPart settings={settings} />;
        case 'consents':
            return settings.isAdmin ? <ConsentsPart today={settings.today} /> : null;
        case 'csv':
            return <CsvPart isAdmin={settings.isAdmin} onSaved={onChanged} />;
    }
}

interface OpenProps {
    readonly open: Open;
    readonly settings: Settings;
    readonly onClose: () => void;
    readonly onSaved: DialogProps['onSaved'];
    /** The first of two steps was saved, and the second follows. */
    readonly onOpen: (open: Open) => void;
}

function OpenDialog({ open, settings, onClose, onSaved, onOpen }: OpenProps) {
    const ways = { onClose, onSaved };
    const { directory } = settings;
    switch (open.what) {
        case 'facility':
            return <FacilityDialog facility={open.facility} areas={settings.areas} {...ways} />;
        case 'clinic':
            return <ClinicDialog facility={open.facility} clinic={open.clinic} {...ways} />;
        case 'service':
            return <ServiceDialog clinic={open.clinic} service={open.service} {...ways} />;
        case 'person':
            return (
                <PersonDialog person={open.person} directory={directory} today={settings.today} {...ways}
                    onAdded={(practitioner, name, clinics) => {
                        const first = directory.clinics.find((one) => clinics.includes(one.id));
                        onOpen({ what: 'account-new', whom: { practitioner, name, facility: first?.facility ?? null } });
                    }} />
            );
        case 'account-new':
            return <NewAccountDialog settings={settings} whom={open.whom} {...ways} />;
        case 'account':
            return <AccountDialog settings={settings} account={open.account} {...ways} />;
        case 'password':
            return <PasswordDialog account={open.account} {...ways} />;
    }
}
