// SPDX-License-Identifier: Apache-2.0
// Which post: those of the facility, joining one, making one.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { Clinic, FacilitiesReply } from '../shared/api_types';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { Icon } from '../shared/widgets/icon';
import { DatePick } from '../staff/date_pick';
import { dateWords } from '../staff/dates';
import { Failure, Loading } from '../staff/parts';
import { serverToday } from '../staff/server_clock';
import type { Post } from './types';
import { o } from './words';

interface Props {
    readonly facility: string;
    readonly onPost: (post: Post) => void;
    /** True for a failure that leads elsewhere. */
    readonly guard: (problem: unknown) => boolean;
}

export function PostList({ facility, onPost, guard }: Props) {
    const [posts, setPosts] = useState<readonly Post[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [making, setMaking] = useState(false);
    const fail = (failure: unknown) => {
        if (!guard(failure)) setProblem(failure);
    };
    const load = () => {
        setProblem(null);
        api.get<{ sessions: Post[] }>('/api/v1/outreach').then(({ sessions }) => setPosts(sessions), fail);
    };
    useEffect(load, []);
    const join = (post: Post) => {
        if (post.member) return onPost(post);
        api.post<Post>(`/api/v1/outreach/${post.id}/team`).then(onPost, fail);
    };
    if (making) return <NewPost facility={facility} onPost={onPost} onClose={() => setMaking(false)} guard={guard} />;
    const today = serverToday();
    return (
        <div class="pos" data-testid="post-list">
            <div class="pos-head">
                <h1>{o('title')}</h1>
                <a class="button plain" href="/loket" data-testid="to-desk">
                    <Icon name="back" />
                    {o('to_desk')}
                </a>
            </div>
            <p>{o('intro')}</p>
            {problem !== null && <Failure problem={problem} onRetry={load} />}
            {posts === null && problem === null && <Loading />}
            {posts?.length === 0 && <p class="quiet">{o('none')}</p>}
            <ul class="rows">
                {posts?.map((post) => (
                    <li class="row pos-row" key={post.id} data-testid="post">
                        <span class="row-words">
                            <span class="row-name">{post.village}, {post.area}</span>
                            <span class="quiet">{dateWords(post.date)} · {post.clinic}{post.closed_at_ms ? ` · ${o('closed')}` : ''}</span>
                            <span class="quiet">{o('team', { n: post.team, m: post.entries })}</span>
                            {post.date > today && <span class="quiet">{o('future', { date: dateWords(post.date) })}</span>}
                        </span>
                        {post.date <= today && (
                            <Button onClick={() => join(post)} testId="post-open" label={`${o(post.member ? 'open' : 'join')}: ${post.village}`}>
                                {o(post.member ? 'open' : 'join')}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
            <Button kind="primary" wide onClick={() => setMaking(true)} testId="post-new">{o('new')}</Button>
        </div>
    );
}

interface Area {
    readonly code: string;
    readonly name: string;
    readonly parent: string | null;
    readonly kind: string;
}

/** It is not cut in a box on a phone. */
function shortOf(name = ''): string {
    return name.replace(/^Kabupaten /, 'Kab. ');
}

/** "Telaga Biru (Kab. Gorontalo)", by name. */
function districts(areas: readonly Area[]): { readonly code: string; readonly words: string }[] {
    const names = new Map(areas.map((one) => [one.code, one.name]));
    return areas.filter((one) => one.kind === 'kecamatan')
        .map((one) => ({ code: one.code, words: `${one.name} (${shortOf(names.get(one.parent ?? ''))})` }))
        .sort((a, b) => a.words.localeCompare(b.words));
}

interface NewProps extends Props {
    readonly onClose: () => void;
}

function NewPost({ facility, onPost, onClose, guard }: NewProps) {
    const [clinics, setClinics] = useState<readonly Clinic[] | null>(null);
    const [areas, setAreas] = useState<readonly Area[]>([]);
    const [form, setForm] = useState({ clinic: '', area_code: '', village: '', date: serverToday() });
    const [problem, setProblem] = useState<unknown>(null);
    const [busy, setBusy] = useState(false);
    useEffect(() => {
        Promise.all([api.get<FacilitiesReply>('/api/v1/facilities'), api.get<{ areas: Area[] }>('/api/v1/areas')]).then(
            ([{ facilities }, reply]) => {
                const home = facilities.find((one) => one.id === facility);
                const own = home?.clinics ?? [];
                setClinics(own);
                setAreas(reply.areas);
                setForm((now) => ({ ...now, clinic: own[0]?.id ?? '', area_code: home?.area_code ?? '' }));
            },
            (failure: unknown) => {
                if (!guard(failure)) setProblem(failure);
            },
        );
    }, []);
    const element = useRef<HTMLFormElement>(null);
    useEffect(() => {
        if (problem !== null) element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }, [problem]);
    const refused = problem instanceof ApiProblem ? problem : null;
    const dateFault = refused?.field('date');
    const villageFault = refused?.field('village') && (form.village.trim() === '' ? o('new.village_missing') : refused.field('village'));
    const marked = refused !== null && refused.errors.length > 0;
    const save = (event: Event) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        setProblem(null);
        api.post<Post>('/api/v1/outreach', form).then(onPost, (failure: unknown) => {
            setBusy(false);
            if (!guard(failure)) setProblem(failure);
        });
    };
    return (
        <form class="pos-form" ref={element} onSubmit={save} noValidate data-testid="new-post">
            <h1>{o('new')}</h1>
            {problem !== null && !marked && <Failure problem={problem} />}
            {clinics === null && problem === null && <Loading />}
            <section class="pos-part">
                <Field id="clinic" label={o('new.clinic')} error={refused?.field('clinic')}>
                    {(tie) => (
                        <select {...tie} value={form.clinic} onChange={(event) => setForm({ ...form, clinic: event.currentTarget.value })}>
                            {clinics?.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                        </select>
                    )}
                </Field>
                <Field id="area" label={o('new.area')} error={refused?.field('area_code')}>
                    {(tie) => (
                        <select {...tie} value={form.area_code} onChange={(event) => setForm({ ...form, area_code: event.currentTarget.value })}>
                            {districts(areas).map((one) => <option key={one.code} value={one.code}>{one.words}</option>)}
                        </select>
                    )}
                </Field>
                <Field id="village" label={o('new.village')} error={villageFault}>
                    {(tie) => <input {...tie} autoComplete="off" maxLength={80} value={form.village}
                        onInput={(event) => setForm({ ...form, village: event.currentTarget.value })} />}
                </Field>
                <div class={dateFault ? 'field wrong' : 'field'}>
                    <DatePick label={o('new.date')} labelled value={form.date} words={form.date && dateWords(form.date)} testId="post-date"
                        invalid={dateFault !== undefined} describedBy={dateFault ? 'date-error' : undefined}
                        onValue={(date) => setForm({ ...form, date })} />
                    <FieldError id="date-error" text={dateFault} />
                </div>
            </section>
            <div class="pos-actions">
                <Button kind="primary" type="submit" busy={busy} testId="post-save">{o('new.save')}</Button>
                <Button onClick={onClose}>{o('form.cancel')}</Button>
            </div>
        </form>
    );
}
