// SPDX-License-Identifier: Apache-2.0
// The desk says for a doctor how late it will be, and sees what was said.
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { LateDialog } from '../staff/late_dialog';
import { q } from '../staff/queue_words';
import type { Day } from '../staff/types';
import { doctorsOf } from './doctors';

export function LateButton({ day, onAsk }: { readonly day: Day; readonly onAsk: () => void }) {
    if (doctorsOf(day).length === 0) return null;
    return (
        <Button icon="clock" onClick={onAsk} testId="late">
            {q('late.desk')}
        </Button>
    );
}

interface AskProps {
    readonly day: Day;
    readonly onClose: () => void;
    readonly onReload: () => void;
}

export function LateAsk({ day, onClose, onReload }: AskProps) {
    return (
        <LateDialog doctors={doctorsOf(day)} onClose={onClose} onSaid={() => {
            onClose();
            onReload();
        }} />
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
