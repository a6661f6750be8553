// SPDX-License-Identifier: Apache-2.0
// Room for a table that may be wider than the window: then it moves sideways, says so, and keeps its
// first column in sight.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/widgets/icon';
import { t } from '../staff/words';

interface Props {
    /** Id of the heading that names the table. */
    readonly labelledBy: string;
    readonly children: ComponentChildren;
}

export function WideTable({ labelledBy, children }: Props) {
    const ref = useRef<HTMLDivElement>(null);
    const [cut, setCut] = useState(false);
    useEffect(() => {
        const box = ref.current;
        const table = box?.firstElementChild;
        if (!box || !table) return undefined;
        const observer = new ResizeObserver(() => setCut(box.scrollWidth > box.clientWidth));
        observer.observe(box);
        observer.observe(table);
        return () => observer.disconnect();
    }, []);
    return (
        <>
            {cut && (
                <p class="scroll-hint quiet no-print" data-testid="scroll-hint">
                    {t('office.scroll_hint')} <Icon name="next" size={20} />
                </p>
            )}
            <div ref={ref} class={cut ? 'scroll cut' : 'scroll'} tabIndex={0} role="group"
                aria-labelledby={labelledBy}>
                {children}
            </div>
        </>
    );
}
