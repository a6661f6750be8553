// SPDX-License-Identifier: Apache-2.0
// The page's head: where one is, the way back, the other language, the karawo band below.
import type { ComponentChildren } from 'preact';
import { getLang, setLang } from '../lang';
import { common } from '../words';
import { Icon } from './icon';

export function LangSwitch() {
    const other = getLang() === 'en' ? 'id' : 'en';
    return (
        <button type="button" class="lang-switch" lang={other} onClick={() => setLang(other)}
            data-testid="lang-switch">
            <Icon name="globe" size={20} />
            <span>{other.toUpperCase()}</span>
            <span class="hidden-words">{common('other_language')}</span>
        </button>
    );
}

export interface HeaderProps {
    readonly title: string;
    readonly onBack?: (() => void) | undefined;
    /** Right of the title, before the language switch. */
    readonly children?: ComponentChildren;
}

export function Header({ title, onBack, children }: HeaderProps) {
    return (
        <header class="page-header">
            <div class="page-header-row">
                {onBack && (
                    <button type="button" class="icon-button" onClick={onBack}
                        aria-label={common('back')}>
                        <Icon name="back" />
                    </button>
                )}
                <span class="page-header-title">{title}</span>
                {children}
                <LangSwitch />
            </div>
            <div class="karawo" aria-hidden="true" />
        </header>
    );
}
