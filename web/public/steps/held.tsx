// SPDX-License-Identifier: Apache-2.0
// How long the chosen time is kept.
import { timeOfDay } from '../../shared/format';
import { keeps } from '../hold';
import type { BookingStore } from '../store';
import { t } from '../words';

export function HeldWords({ store }: { store: BookingStore }) {
    const { held, choice } = store.current;
    if (!keeps(held, choice.slot, store.serverNow())) return null;
    return (
        <p class="soft" data-testid="held">
            {t('held', { until: timeOfDay(held.expires_at_ms) })}
        </p>
    );
}
