// SPDX-License-Identifier: Apache-2.0
// What is wrong in a table, row by row: the first rows at once, the others on demand.
import { useState } from 'preact/hooks';
import { HitItems } from '../hours/change';
import { told } from '../shared/api';
import { getLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { allowedOf, columnWords, CSV_COLUMNS, faultRows, isCut, isKeepable, ownAllowedOf, type CsvFault, type CsvKind, type CsvResult } from './csv_state';
import { s } from './words';

const ROWS_SHOWN = 8;

export function CsvFaults({ kind, result }: { readonly kind: CsvKind; readonly result: CsvResult }) {
    const [showsAll, setShowsAll] = useState(false);
    const rows = faultRows(result.errors, CSV_COLUMNS[kind]);
    const shown = showsAll ? rows : rows.slice(0, ROWS_SHOWN);
    const hidden = rows.length - shown.length;
    const count = { n: result.errors.length, rows: rows.length };
    return (
        <div class="stack tight" data-testid="csv-bad">
            {isKeepable(result) ? <Banner tone="warning">{s('csv_hit', { n: result.hit })}</Banner>
                : <Banner tone="danger">{s(isCut(result.errors) ? 'csv_bad_first' : 'csv_bad', count)}</Banner>}
            <ul class="items">
                {shown.map(({ line, faults }) => (
                    <li class="item" key={line} data-testid="csv-row">
                        <div class="item-words">
                            <strong class="numbers">{s('csv_line', { line })}</strong>
                            {faults.map((one, i) => <Fault key={i} fault={one} />)}
                        </div>
                    </li>
                ))}
            </ul>
            {hidden > 0 && (
                <Button kind="plain" onClick={() => setShowsAll(true)} testId="csv-rows-all">
                    {s('csv_rows_all', { n: hidden })}
                </Button>
            )}
            {result.bookings.length > 0 && <HitItems hits={{ count: result.hit, bookings: result.bookings }} />}
        </div>
    );
}

function Fault({ fault }: { readonly fault: CsvFault }) {
    return (
        <span>
            {fault.field !== '' && `${columnWords(fault.field, getLang())}: `}
            {told(fault)}
            <Allowed fault={fault} />
        </span>
    );
}

/** As it is typed into the file. */
function Allowed({ fault }: { readonly fault: CsvFault }) {
    const own = ownAllowedOf(fault);
    const allowed = own === null ? allowedOf(fault) : s(`csv_words.${own}`);
    if (allowed === null) return null;
    const words = typeof allowed === 'string' ? allowed : s('csv_range', allowed);
    return <span class="quiet"> {s('csv_allowed', { allowed: words })}</span>;
}
