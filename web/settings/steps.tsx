// SPDX-License-Identifier: Apache-2.0
// A new installation's way to its first booking: what is done, and the one thing that comes next.
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import type { Open } from './open';
import { isStepDone, nextStep, STEPS, workingPeople, workplaces, type Step } from './settings_state';
import type { Settings } from './types';
import { s } from './words';

interface Props {
    readonly settings: Settings;
    readonly onOpen: (open: Open) => void;
}

export function Steps({ settings, onOpen }: Props) {
    const next = nextStep(settings.directory);
    if (next === null) return null;
    const isDone = (step: Step) => isStepDone(step, settings.directory);
    return (
        <section class="card stack" data-testid="steps" data-next={next}>
            <h2>{s('steps_title')}</h2>
            <ol class="steps">
                {STEPS.map((step, i) => (
                    <li key={step} class={isDone(step) ? 'step done' : 'step'} aria-current={step === next ? 'step' : undefined}
                        data-testid={`step-${step}`}>
                        <span class="step-mark numbers" aria-hidden="true">
                            {isDone(step) ? <Icon name="check" size={20} /> : i + 1}
                        </span>
                        <span>
                            {s(`step.${step}`)}
                            {isDone(step) && <span class="hidden-words">, {s('step.done')}</span>}
                        </span>
                    </li>
                ))}
            </ol>
            <div>
                <NextButton step={next} settings={settings} onOpen={onOpen} />
            </div>
        </section>
    );
}

function NextButton({ step, settings, onOpen }: Props & { readonly step: Step }) {
    const { directory } = settings;
    const facility = directory.facilities.find((one) => one.active);
    const person = workingPeople(directory)[0];
    if (step === 'hours')
        return (
            <a class="button primary" href="/jadwal" data-testid="next-step">
                {s('do.hours')}
            </a>
        );
    const go = () => {
        if (step === 'facility') onOpen({ what: 'facility', facility: null });
        else if (step === 'practitioner') onOpen({ what: 'person', person: null });
        else if (step === 'account' && person)
            onOpen({ what: 'account-new', whom: { practitioner: person.id, name: person.name,
                facility: workplaces(person, directory)[0]?.id ?? null } });
        else if (facility) onOpen({ what: 'clinic', facility, clinic: null });
    };
    return (
        <Button kind="primary" onClick={go} testId="next-step">
            {s(`do.${step}`)}
        </Button>
    );
}
