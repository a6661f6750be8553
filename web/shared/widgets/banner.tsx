// SPDX-License-Identifier: Apache-2.0
// A message on the page: what happens, why, what to do. Said aloud by screen readers.
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

export type Tone = 'info' | 'good' | 'warning' | 'danger';

const ICONS: Record<Tone, IconName> = {
    info: 'info',
    good: 'check',
    warning: 'warning',
    danger: 'warning',
};

export interface BannerProps {
    readonly tone: Tone;
    readonly children: ComponentChildren;
    readonly icon?: IconName;
    readonly testId?: string;
}

export function Banner({ tone, children, icon, testId }: BannerProps) {
    const urgent = tone === 'danger' || tone === 'warning';
    return (
        <div class={`banner ${tone}`} role={urgent ? 'alert' : 'status'} data-testid={testId}>
            <Icon name={icon ?? ICONS[tone]} />
            <div class="banner-body">{children}</div>
        </div>
    );
}
