// SPDX-License-Identifier: Apache-2.0
// Waiting is always said: a spinner never comes without a sentence.
export function Busy({ text }: { text: string }) {
    return (
        <p class="busy-note" role="status">
            <span class="spinner" aria-hidden="true" />
            <span>{text}</span>
        </p>
    );
}
