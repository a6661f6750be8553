// SPDX-License-Identifier: Apache-2.0
// The public page's choices for a desk: of its own facility alone, begun at the first question that is open.
import type { Facility } from '../shared/api_types';
import { stepFor, withOnlyOnes, type Choice, type Step } from '../public/booking_state';
import { BookingStore, type HistoryEntry } from '../public/store';

export const DESK_BOOKINGS = '/api/v1/desk-bookings';

export interface DeskPlace {
    readonly facility: string;
    /** That the page was opened for; null, or of another facility: none. */
    readonly clinic: string | null;
    /** Where the wait list is kept; null: not by this person. */
    readonly waitList: string | null;
}

/** Where a desk begins. Pure. */
export function deskBegin(facilities: readonly Facility[], { facility, clinic }: DeskPlace): HistoryEntry {
    const own = facilities.find((one) => one.id === facility);
    const isOwn = own?.clinics.some((one) => one.id === clinic) ?? false;
    const choice: Choice = withOnlyOnes(facilities, { facility, ...(clinic !== null && isOwn ? { clinic } : {}) });
    return { step: stepFor(facilities, choice, 'time'), choice };
}

export class DeskStore extends BookingStore {
    constructor(private readonly where: DeskPlace) {
        super(DESK_BOOKINGS);
    }

    get begin(): Step {
        return this.first().step;
    }

    override get takesWaiters(): boolean {
        return this.where.waitList !== null;
    }

    override wait(): void {
        if (this.where.waitList !== null) location.assign(this.where.waitList);
    }

    /** What was kept is booked; the next patient's booking begins. */
    booked(): void {
        const { step, choice } = this.first();
        this.hold(null);
        this.go(step, choice, false);
    }

    protected override offered(facilities: readonly Facility[]): readonly Facility[] {
        return facilities.filter((one) => one.id === this.where.facility);
    }

    protected override first(): HistoryEntry {
        return deskBegin(this.current.facilities ?? [], this.where);
    }
}
