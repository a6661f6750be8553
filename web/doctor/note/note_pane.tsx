// SPDX-License-Identifier: Apache-2.0
// Beside the visit: who the patient is, the note, and what was before.
import { useState } from 'preact/hooks';
import { dateAndTime, isoDate, plainDate, timeOfDay } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Busy } from '../../shared/widgets/busy';
import { Icon } from '../../shared/widgets/icon';
import { ContactLine, PersonWords } from '../../staff/person';
import { serverToday } from '../../staff/server_clock';
import type { Contact } from '../../staff/types';
import { LettersTab } from '../letters/letters_tab';
import { l } from '../letters/words';
import { EarlierVisits } from './earlier';
import { NurseLine } from '../nurse_line';
import { OutreachPanel } from '../outreach_panel';
import { FailedNote } from './failed_note';
import { NoteForm } from './note_form';
import { NoteStatusLine } from './note_status';
import { SignedNote } from './signed_note';
import { StaleNote } from './stale_note';
import { allergyLines, saysWhat, withVitals, type AllergyLine } from './note_state';
import type { OpenNotes } from './open_notes';
import type { Before, NotePatient } from './types';
import { useNote, type NoteHook } from './use_note';
import { n } from './words';

export interface NotePaneProps {
    readonly user: string;
    readonly notes: OpenNotes;
    readonly visitId: string;
    /** Its day, YYYY-MM-DD; "" where it is not known. */
    readonly visited: string;
    /** Taken down at a post, or with a nurse: there may be more to show. */
    readonly assisted: boolean;
    readonly contact: Contact | null;
    /** The visit has begun: what it was can be signed. */
    readonly begun: boolean;
    /** Rises with the day's news. */
    readonly version: number;
}

/** Under this age doses go by the weight. */
const WEIGHED_YEARS = 12;

const TABS = ['note', 'letters', 'earlier'] as const;
type Tab = (typeof TABS)[number];

export function NotePane({ user, notes, visitId, visited, assisted, contact, begun, version }: NotePaneProps) {
    const hook = useNote(notes, visitId);
    const [tab, setTab] = useState<Tab>('note');
    const patient = hook?.model.patient ?? null;
    return (
        <section class="note" aria-label={n('pane.label')} data-testid="note-pane" data-visit={visitId}
            data-status={hook?.model.status ?? 'loading'}>
            {patient && <PatientSummary patient={patient} contact={contact} typed={hook?.model.draft.allergies ?? ''} />}
            {hook?.model.before && <BeforeLine before={hook.model.before} signed={hook.model.status === 'signed'} />}
            {assisted && <NurseLine visitId={visitId} version={version} />}
            {assisted && (
                <OutreachPanel visitId={visitId}
                    onVitals={hook && isOpen(hook) ? (vitals) => hook.store.edit({ vitals: withVitals(hook.model.draft, vitals) }) : null} />
            )}
            <div class="note-tabs" role="group" aria-label={n('pane.label')}>
                {TABS.map((one) => (
                    <button key={one} type="button" class="note-tab" aria-pressed={tab === one} onClick={() => setTab(one)}
                        data-testid={`tab-${one}`}>
                        {one === 'letters' ? l('tab') : n(`tab.${one}`)}
                    </button>
                ))}
            </div>
            {hook && tab === 'note' && <NoteBody {...hook} begun={begun} user={user} visitId={visitId} />}
            {hook && patient && tab === 'letters' && (
                <LettersTab user={user} visitId={visitId} visited={visited} patient={patient.name} signed={hook.model.status === 'signed'}
                    hasDiagnosis={saysWhat(hook.model.draft)}
                    lacksWeight={patient.age < WEIGHED_YEARS && hook.model.draft.vitals.weight_g.trim() === ''} flush={() => hook.store.flush()} />
            )}
            {tab === 'earlier' && <EarlierVisits visitId={visitId} />}
        </section>
    );
}

/** Above all that is made of the note: whose words are in it. */
function BeforeLine({ before: { author, saved_at_ms }, signed }: { readonly before: Before; readonly signed: boolean }) {
    const when = isoDate(saved_at_ms) === serverToday() ? timeOfDay(saved_at_ms) : dateAndTime(saved_at_ms);
    return (
        <Banner tone={signed ? 'info' : 'warning'} testId="note-before">
            {n(signed ? 'before.signed' : 'before', { doctor: author, when })}
        </Banner>
    );
}

/** Something can be typed into it. */
function isOpen({ model }: NoteHook): boolean {
    return !['loading', 'failed', 'stale', 'signed'].includes(model.status);
}

interface BodyProps extends NoteHook {
    readonly begun: boolean;
    readonly user: string;
    readonly visitId: string;
}

function NoteBody({ store, model, begun, user, visitId }: BodyProps) {
    if (model.status === 'loading') return <Busy text={n('status.loading')} />;
    if (model.status === 'failed') return <FailedNote store={store} model={model} />;
    if (model.status === 'stale') return <StaleNote store={store} model={model} />;
    if (model.status === 'signed') return <SignedNote key={visitId} store={store} model={model} user={user} visitId={visitId} />;
    return (
        <>
            <NoteStatusLine model={model} />
            <NoteForm store={store} model={model} begun={begun} />
        </>
    );
}

interface SummaryProps {
    readonly patient: NotePatient;
    readonly contact: Contact | null;
    /** What the note of this visit says of allergies. */
    readonly typed: string;
}

function PatientSummary({ patient, contact, typed }: SummaryProps) {
    return (
        <header class="note-patient">
            <h2 class="note-name">{patient.name}</h2>
            <ContactLine contact={contact} />
            <p class="row-facts">
                <PersonWords age={patient.age} sex={patient.sex} />
                {patient.nik_masked && <span class="numbers quiet">NIK {patient.nik_masked}</span>}
            </p>
            <Allergies lines={allergyLines(typed, patient.allergies)} />
        </header>
    );
}

/** All that was ever noted: what is typed hides nothing of it. */
function Allergies({ lines }: { readonly lines: readonly AllergyLine[] }) {
    if (lines.length === 0) {
        return (
            <p class="note-allergies quiet" data-testid="patient-allergies">
                <Icon name="info" size={20} />
                <span>{n('patient.no_allergies')}</span>
            </p>
        );
    }
    return (
        <div class="note-allergies" data-testid="patient-allergies">
            <Icon name="warning" size={20} />
            <div>
                <span>{n('patient.allergies')}</span>
                <ul class="note-allergy-lines">
                    {lines.map(({ text, notedAtMs }) => (
                        <li key={text}>{notedAtMs === null ? (lines[0]?.notedAtMs === null ? text : n('patient.allergy_now', { text })) : n('patient.allergy_from', { text, when: plainDate(notedAtMs) })}</li>
                    ))}
                </ul>
            </div>
        </div>
    );
}
