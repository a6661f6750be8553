// SPDX-License-Identifier: Apache-2.0
// The link's quality: a word and three bars, never colour alone.
import type { Grade } from '../quality';
import { common } from '../words';

const BARS: Record<Grade, number> = { good: 3, weak: 1, lost: 0 };

export function QualityBadge({ grade, connecting }: { grade: Grade; connecting?: boolean }) {
    const word = connecting ? common('quality_connecting') : common(`quality_${grade}`);
    const bars = connecting ? 0 : BARS[grade];
    return (
        <span class={`quality ${connecting ? 'connecting' : grade}`} role="img"
            aria-label={common('quality_label', { word })} data-testid="quality" data-grade={grade}>
            <span aria-hidden="true">{word}</span>
            <svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true">
                {[0, 1, 2].map((n) => (
                    <rect key={n} x={n * 7} y={10 - n * 5} width="5" height={6 + n * 5} rx="1"
                        class={n < bars ? 'bar on' : 'bar'} />
                ))}
            </svg>
        </span>
    );
}
