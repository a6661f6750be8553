// SPDX-License-Identifier: Apache-2.0
// The list of the doctor's keys, and its button.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import { Dialog } from '../staff/parts';
import { f } from './follow_up_words';
import { SHORTCUTS } from './shortcuts';

export function ShortcutsHelp() {
    const [open, setOpen] = useState(false);
    return (
        <>
            <span class="only-wide">
                <Button kind="plain" onClick={() => setOpen(true)} testId="shortcuts">
                    {f('keys_open')}
                </Button>
            </span>
            {open && (
                <Dialog label={f('keys')} onClose={() => setOpen(false)} testId="shortcuts-dialog">
                    <div class="dialog-form">
                        <h2>{f('keys')}</h2>
                        <p>{f('keys_text')}</p>
                        <dl class="pairs">
                            {SHORTCUTS.map((one) => (
                                <div key={one.name}>
                                    <dt><kbd>Alt</kbd> + <kbd>{one.letter}</kbd></dt>
                                    <dd>{f(`key.${one.name}`)}</dd>
                                </div>
                            ))}
                        </dl>
                        <div class="dialog-actions">
                            <Button kind="primary" onClick={() => setOpen(false)} testId="shortcuts-close">
                                {f('keys_close')}
                            </Button>
                        </div>
                    </div>
                </Dialog>
            )}
        </>
    );
}
