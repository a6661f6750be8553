// SPDX-License-Identifier: Apache-2.0
// What was escalated to whoever keeps the facility: read again when the server says that it has changed.
import { Failure } from '../staff/parts';
import { q } from '../staff/queue_words';
import type { OtherDoctorWhy, VisitWay } from '../staff/types';
import { UnansweredBanner } from '../staff/unanswered';
import { useFetched } from '../staff/use_fetched';
import { useNews } from '../staff/use_news';

interface Reply {
    readonly unanswered: readonly {
        readonly visit: string;
        readonly number: string;
        readonly facility: string;
        readonly clinic: string;
        readonly doctor: string;
        readonly way: VisitWay;
        readonly other_doctor_why: OtherDoctorWhy | null;
        readonly since_ms: number;
    }[];
    readonly server_ms: number;
}

export function UnansweredNotice() {
    const { version, reload } = useNews('/api/v1/unanswered/watch');
    const { value, problem } = useFetched<Reply>('/api/v1/unanswered', version);
    if (problem !== null) return <Failure problem={problem} onRetry={reload} />;
    if (!value) return null;
    const lines = value.unanswered.map((one) => ({
        id: one.visit,
        words: [one.number, one.facility, one.clinic, one.doctor].filter((word) => word !== '').join(' · '),
        since_ms: one.since_ms,
        to_phone: one.way === 'phone',
        other_doctor_why: one.other_doctor_why,
    }));
    /* Where no doctor could come none has been told. */
    const advice = q(lines.every((one) => one.other_doctor_why !== null) ? 'unanswered.coordinator_desk' : 'unanswered.coordinator');
    return <UnansweredBanner lines={lines} nowMs={value.server_ms} advice={advice} />;
}
