// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

export interface ButtonProps {
    readonly children: ComponentChildren;
    readonly onClick?: () => void;
    /** primary: the one main action; plain: looks like a link. */
    readonly kind?: 'primary' | 'secondary' | 'danger' | 'plain';
    readonly icon?: IconName;
    readonly type?: 'button' | 'submit';
    readonly busy?: boolean;
    readonly disabled?: boolean;
    readonly wide?: boolean;
    readonly label?: string;
    readonly pressed?: boolean;
    readonly testId?: string;
    readonly autoFocus?: boolean;
}

/** While busy it stays in place and keeps its words; further clicks do nothing. */
export function Button(props: ButtonProps) {
    const { kind = 'secondary', busy = false, disabled = false } = props;
    return (
        <button
            type={props.type ?? 'button'}
            class={`button ${kind}${props.wide ? ' wide' : ''}${busy ? ' busy' : ''}`}
            onClick={(event) => {
                if (busy) event.preventDefault();
                else props.onClick?.();
            }}
            disabled={disabled}
            aria-busy={busy || undefined}
            aria-label={props.label}
            aria-pressed={props.pressed}
            data-testid={props.testId}
            autoFocus={props.autoFocus}
        >
            {props.icon && <Icon name={props.icon} />}
            <span>{props.children}</span>
        </button>
    );
}
