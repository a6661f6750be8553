// SPDX-License-Identifier: Apache-2.0
// Tables out and in: a file is checked first, what is wrong is listed line by line, and nothing is
// saved before the person has seen what would change.
import { useState } from 'preact/hooks';
import { openKept, queryOf, useWay, WayField, type Way } from '../hours/change';
import { api } from '../shared/api';
import { getLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { FieldError } from '../shared/widgets/field';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { SelectField } from './fields';
import { CsvFaults } from './csv_faults';
import { columnWords, CSV_COLUMNS, exportPath, isKeepable, maxBytes, sizeWords, tablePath, textOf, type CsvKind, type CsvResult } from './csv_state';
import { DiagnosisLine } from './diagnosis_line';
import { KeptBanner } from './saved';
import { s } from './words';

const ADMIN_KINDS: readonly CsvKind[] = ['facility', 'clinic', 'practitioner', 'service', 'holiday', 'account', 'policy', 'template', 'icd10'];
const COORDINATOR_KINDS: readonly CsvKind[] = ['clinic', 'practitioner', 'service', 'holiday', 'account', 'policy', 'template'];

interface Chosen {
    readonly name: string;
    readonly text: string;
}

/** A way: saved, and what becomes of patients who are booked in what closes. */
type How = 'trial' | 'save' | Way;

interface Importing {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly result: CsvResult | null;
    readonly send: (kind: CsvKind, csv: string, how: How) => void;
    readonly forget: () => void;
}

function useImport(onSaved: () => void): Importing {
    const guard = useGuard();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [result, setResult] = useState<CsvResult | null>(null);
    const send = (kind: CsvKind, csv: string, how: How) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        const query = how === 'trial' || how === 'save' ? '' : queryOf(how);
        const body = kind === 'icd10' ? { csv, trial: how === 'trial' } : { kind, csv, trial: how === 'trial' };
        api.post<CsvResult>(`${tablePath(kind)}${query}`, body)
            .then((answer) => {
                setResult(answer);
                if (answer.saved) onSaved();
                if (answer.saved && how === 'move') openKept();
            }, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return { busy, problem, result, send, forget: () => setResult(null) };
}

interface Props {
    readonly isAdmin: boolean;
    /** Beside what it is a table of; else the person chooses. */
    readonly only?: CsvKind;
    /** Another file: what was said of something else is old. */
    readonly onChosen?: () => void;
    readonly onSaved: () => void;
}

export function CsvPart({ isAdmin, only, onChosen, onSaved }: Props) {
    const kinds = isAdmin ? ADMIN_KINDS : COORDINATOR_KINDS;
    const [kind, setKind] = useState<CsvKind>(only ?? kinds[0] ?? 'clinic');
    const [file, setFile] = useState<Chosen | null>(null);
    const [fault, setFault] = useState<string | undefined>(undefined);
    const importing = useImport(onSaved);
    const choose = (chosen: File | undefined) => {
        importing.forget();
        setFile(null);
        setFault(undefined);
        if (!chosen) return;
        onChosen?.();
        if (chosen.size > maxBytes(kind)) setFault(s('csv_too_large', { size: sizeWords(kind) }));
        else
            chosen.arrayBuffer().then((bytes) => setFile({ name: chosen.name, text: textOf(bytes) }))
                .catch(() => setFault(s('csv_not_text')));
    };
    return (
        <div class="stack" data-testid="csv">
            {!only && <KindField kinds={kinds} kind={kind} onKind={(one) => {
                importing.forget();
                setFile(null);
                setFault(undefined);
                setKind(one);
            }} />}
            {kind === 'icd10' && <DiagnosisLine version={importing.result?.saved ? 1 : 0} />}
            <p class="quiet columns">{s('csv_columns', { columns: CSV_COLUMNS[kind].map((one) => columnWords(one, getLang())).join(', ') })}</p>
            {kind !== 'facility' && kind !== 'service' && <p class="quiet columns">{s(`csv_hint.${kind}`)}</p>}
            <p>
                <a class="button" href={exportPath(kind)} download data-testid="csv-export">
                    {s('csv_export')}
                </a>
            </p>
            <FileField name={file?.name ?? null} fault={fault} isNext={isRefused(importing.result)} onFile={choose} />
            {importing.problem !== null && <Failure problem={importing.problem} />}
            {importing.result && <Result kind={kind} result={importing.result} />}
            <Actions kind={kind} file={file} importing={importing} />
        </div>
    );
}

function KindField({ kinds, kind, onKind }: {
    readonly kinds: readonly CsvKind[];
    readonly kind: CsvKind;
    readonly onKind: (kind: CsvKind) => void;
}) {
    return (
        <>
            <p>{s(kinds === ADMIN_KINDS ? 'csv_text' : 'csv_text_own')}</p>
            <SelectField id="csv-kind" label={s('csv_kind')} value={kind} onValue={(value) => onKind(value as CsvKind)}>
                {kinds.map((one) => (
                    <option key={one} value={one}>
                        {s(`csv.${one}`)}
                    </option>
                ))}
            </SelectField>
        </>
    );
}

/** The copy that was read will not do: there is nothing to do here but to choose another. */
function isRefused(result: CsvResult | null): boolean {
    return result !== null && result.errors.length > 0 && !isKeepable(result);
}

interface FileProps {
    readonly name: string | null;
    readonly fault: string | undefined;
    /** Choosing another is the one main action. */
    readonly isNext: boolean;
    readonly onFile: (file: File | undefined) => void;
}

function FileField({ name, fault, isNext, onFile }: FileProps) {
    const described = [name !== null && 'csv-file-name', fault && 'csv-file-error'].filter(Boolean).join(' ');
    return (
        <div class={fault ? 'field wrong' : 'field'}>
            <label for="csv-file">{s('csv_file')}</label>
            <div class="file-line">
                <span class="file-pick">
                    <span class={isNext ? 'button primary' : 'button'} aria-hidden="true">
                        {s(name === null ? 'csv_choose' : 'csv_choose_other')}
                    </span>
                    <input id="csv-file" type="file" accept=".csv,text/csv" aria-invalid={fault ? true : undefined}
                        aria-describedby={described || undefined} data-testid="csv-file"
                        onClick={(event) => (event.currentTarget.value = '')}
                        onChange={(event) => onFile(event.currentTarget.files?.[0])} />
                </span>
                {name !== null && <span id="csv-file-name" data-testid="csv-file-name">{name}</span>}
            </div>
            <FieldError id="csv-file-error" text={fault} />
        </div>
    );
}

function Result({ kind, result }: { readonly kind: CsvKind; readonly result: CsvResult }) {
    const n = result.added + result.changed;
    if (result.saved) return <Taken result={result} />;
    if (result.errors.length === 0)
        return (
            <Banner tone="info" testId="csv-good">
                {n === 0 ? s('csv_same') : s('csv_good', { added: result.added, changed: result.changed })}
            </Banner>
        );
    return <CsvFaults kind={kind} result={result} />;
}

function Taken({ result }: { readonly result: CsvResult }) {
    const { accounts = [] } = result;
    return (
        <div class="stack tight">
            <Banner tone="good" testId="csv-saved">{s('csv_saved', { n: result.added + result.changed })}</Banner>
            {result.hit > 0 && <KeptBanner kept={result.hit} told={result.told} notReachable={result.not_reachable} noPhone={result.no_phone} testId="csv-kept" />}
            {accounts.length > 0 && <Starts accounts={accounts} />}
        </div>
    );
}

/** The passwords are nowhere else: they can be printed, and are gone with the page. */
function Starts({ accounts }: { readonly accounts: NonNullable<CsvResult['accounts']> }) {
    return (
        <section class="stack tight" data-testid="csv-starts">
            <Banner tone="warning">{s('starts_text')}</Banner>
            <ul class="items">
                {accounts.map((one) => (
                    <li class="item" key={one.login} data-testid="csv-start">
                        <div class="item-words">
                            <strong>{one.name}</strong>
                            <span>{s('starts_login', { login: one.login })}</span>
                            <span>
                                {s('password')}: <code class="numbers">{one.password}</code>
                            </span>
                        </div>
                    </li>
                ))}
            </ul>
            <div class="hours-tools">
                <Button icon="print" onClick={() => window.print()} testId="starts-print">
                    {s('starts_print')}
                </Button>
            </div>
        </section>
    );
}

/** As of a holiday that is added by hand. */
function Keep({ busy, onKeep }: { readonly busy: boolean; readonly onKeep: (way: Way) => void }) {
    const choice = useWay();
    return (
        <form class="stack" onSubmit={(event) => {
            event.preventDefault();
            onKeep(choice.way);
        }}>
            <WayField {...choice} />
            <div class="hours-tools">
                <Button kind="primary" type="submit" busy={busy} testId="csv-keep">
                    {s('csv_keep')}
                </Button>
            </div>
        </form>
    );
}

function Actions({ kind, file, importing }: {
    readonly kind: CsvKind;
    readonly file: Chosen | null;
    readonly importing: Importing;
}) {
    const { result, busy } = importing;
    if (!file || result?.saved || isRefused(result)) return null;
    const n = result ? result.added + result.changed : 0;
    const send = (how: How) => () => importing.send(kind, file.text, how);
    if (result && isKeepable(result)) return <Keep busy={busy} onKeep={(way) => send(way)()} />;
    const isGood = result !== null && result.errors.length === 0 && n > 0;
    return (
        <div class="hours-tools">
            {isGood ? (
                <Button kind="primary" busy={busy} testId="csv-save" onClick={send('save')}>
                    {s('csv_save', { n })}
                </Button>
            ) : (
                <Button kind="primary" busy={busy} testId="csv-check" onClick={send('trial')}>
                    {s('csv_check')}
                </Button>
            )}
        </div>
    );
}
