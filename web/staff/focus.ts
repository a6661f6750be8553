// SPDX-License-Identifier: Apache-2.0

/** Leads to a field that is wrong. What is wrong stands below it only once the page is drawn again: then both come into
 * sight, clear of the actions that stick to a dialog's foot. */
export function focusInSight(field: HTMLElement): void {
    field.focus();
    requestAnimationFrame(() => (field.closest('.field') ?? field).scrollIntoView({ block: 'center' }));
}
