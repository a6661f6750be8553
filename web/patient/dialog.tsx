// SPDX-License-Identifier: Apache-2.0
// A question over the page. Escape and the backdrop mean "no"; the focus stays inside.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
    readonly title: string;
    readonly text: string;
    readonly onClose: () => void;
    readonly children: ComponentChildren;
}

export function Dialog({ title, text, onClose, children }: DialogProps) {
    const ref = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        ref.current?.querySelector<HTMLElement>('button')?.focus();
        return () => before?.focus?.();
    }, []);
    const onKey = (event: KeyboardEvent) => {
        if (event.key === 'Escape') onClose();
        if (event.key === 'Tab') keepInside(event, ref.current);
    };
    return (
        <div class="backdrop" onClick={(event) => event.target === event.currentTarget && onClose()}
            onKeyDown={onKey}>
            <div ref={ref} class="dialog" role="alertdialog" aria-modal="true"
                aria-labelledby="dialog-title" aria-describedby="dialog-text">
                <h2 id="dialog-title">{title}</h2>
                <p id="dialog-text">{text}</p>
                {children}
            </div>
        </div>
    );
}

function keepInside(event: KeyboardEvent, dialog: HTMLElement | null): void {
    const buttons = [...(dialog?.querySelectorAll<HTMLElement>('button, a[href]') ?? [])];
    const first = buttons[0];
    const last = buttons[buttons.length - 1];
    const leaving = event.shiftKey ? first : last;
    if (document.activeElement !== leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
}
