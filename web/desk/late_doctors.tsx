// SPDX-License-Identifier: Apache-2.0
// The desk says for a doctor how late it will be, and sees what was said.
import { useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { LateDialog } from '../staff/late_dialog';
import { q } from '../staff/queue_words';
import type { Day } from '../staff/types';
import { doctorsOf } from './doctors';

interface Props {
    readonly day: Day;
    readonly onReload: () => void;
}

export function LateButton({ day, onReload }: Props) {
    const [asking, setAsking] = useState(false);
    const doctors = doctorsOf(day);
    if (doctors.length === 0) return null;
    return (
        <>
            <Button icon="clock" onClick={() => setAsking(true)} testId="late">
                {q('late.desk')}
            </Button>
            {asking && (
                <LateDialog doctors={doctors} onClose={() => setAsking(false)} onSaid={() => {
                    setAsking(false);
                    onReload();
                }} />
            )}
        </>
    );
}

export function LateList({ day }: { readonly day: Day }) {
    const late = doctorsOf(day).filter((one) => one.minutes > 0);
    if (late.length === 0) return null;
    return (
        <Banner tone="info" icon="clock" testId="late-list">
            {late.map((one) => (
                <p key={one.id}>{q('late.of', { doctor: one.name, n: one.minutes })}</p>
            ))}
        </Banner>
    );
}
