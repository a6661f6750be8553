// SPDX-License-Identifier: Apache-2.0
// A new join link for the patient: asked for, shown, copied. The link is shown only here.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure, VisitLine } from './parts';
import { useGuard } from './shell';
import type { VisitName } from './types';
import { t } from './words';

interface Props {
    readonly visit: VisitName;
    /** It was held: the link opens its page and its letters. */
    readonly isOver?: boolean;
    readonly onClose: () => void;
}

/** Asks the server for a link: `make()`, then `link` or `problem`. */
export function useLink(path: string, body?: object) {
    const [link, setLink] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const make = () => {
        setBusy(true);
        setProblem(null);
        api.post<{ link: string }>(path, body)
            .then(
                (reply) => setLink(reply.link),
                (error: unknown) => {
                    if (!guard(error)) setProblem(error);
                },
            )
            .finally(() => setBusy(false));
    };
    return { link, busy, problem, make };
}

export function LinkDialog({ visit, isOver, onClose }: Props) {
    const { link, busy, problem, make } = useLink(`/api/v1/visits/${visit.id}/link`);
    const { patient } = visit;
    const title = link === null ? t('link.ask', { patient }) : t('link.new', { patient });
    return (
        <Dialog label={title} onClose={onClose} testId="link-dialog">
            <h2>{title}</h2>
            <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
            {problem !== null && <Failure problem={problem} />}
            {link === null ? (
                <>
                    {isOver && <p>{t('link.letters')}</p>}
                    <p>{t('link.hint')}</p>
                    <div class="dialog-actions">
                        <Button kind="primary" busy={busy} onClick={make} testId="link-make">
                            {t('link.make')}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {t('link.keep')}
                        </Button>
                    </div>
                </>
            ) : (
                <NewLink link={link} words={t('link.give')} onClose={onClose} />
            )}
        </Dialog>
    );
}

/** Puts words where they can be pasted; whether they are there. */
export function useCopy(words: string) {
    const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
    useEffect(() => setCopied('no'), [words]);
    const copy = () => {
        if (!navigator.clipboard) return setCopied('failed');
        navigator.clipboard.writeText(words).then(() => setCopied('yes'), () => setCopied('failed'));
    };
    return { copied, copy };
}

interface NewLinkProps {
    readonly link: string;
    /** To whom it is to be given. */
    readonly words: string;
    /** What the link opens, where it is no visit. */
    readonly label?: string;
    readonly onClose: () => void;
}

export function NewLink({ link, words, label, onClose }: NewLinkProps) {
    const { copied, copy } = useCopy(link);
    return (
        <>
            <p>{words}</p>
            <label class="field">
                <span class="label">{label ?? t('link.label')}</span>
                <input class="input" readOnly value={link} data-testid="link-value"
                    onFocus={(event) => event.currentTarget.select()} />
            </label>
            {copied === 'failed' && <Banner tone="warning">{t('link.copy_failed')}</Banner>}
            <div class="dialog-actions">
                <Button kind="primary" icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy} testId="link-copy">
                    {t(copied === 'yes' ? 'link.copied' : 'link.copy')}
                </Button>
                <Button kind="plain" onClick={onClose} testId="link-close">
                    {t('staff.close')}
                </Button>
            </div>
            <p class="hidden-words" role="status">
                {copied === 'yes' && t('link.copied')}
            </p>
        </>
    );
}
